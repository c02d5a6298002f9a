import { and, eq, isNull } from 'drizzle-orm';
import type { DeploymentPlan, EndpointAction } from '../../contracts/endpoint.ts';
import { checkPlan, isSamePlan } from '../../contracts/endpoint-plan.ts';
import { MitateError } from '../../errors/index.ts';
import type { Queryable } from '../database/connect.ts';
import { endpoints, modelVersions } from '../database/schema.ts';
import { pointChampion } from '../models/aliases.ts';
import { modelNotFound } from '../models/not-found.ts';
import { lockModel } from '../models/repository.ts';
import type { EndpointChange } from './contract.ts';
import { type EndpointKey, listDeployments, planOf, replaceDeployments } from './deployments.ts';
import { appendEvent } from './events.ts';

interface PlanChange extends EndpointChange {
  plan: readonly DeploymentPlan[];
  action: EndpointAction;
  at: Date;
  /** Also moves the champion of its model to the plan's stable version. */
  promote?: boolean | undefined;
  /** The active deployments that the plan was based on. */
  expected?: readonly DeploymentPlan[] | undefined;
}

/**
 * Replaces the active deployments by the plan and adds its event, inside the caller's transaction.
 * @returns the endpoint's row @throws ENDPOINT_UNKNOWN, MODEL_NOT_FOUND, ENDPOINT_CHANGED, TRAFFIC_INVALID
 */
export async function changePlan(
  tx: Queryable,
  key: EndpointKey,
  { plan, action, at, promote, expected, ...change }: PlanChange,
) {
  const { project, endpoint } = key;
  checkPlan(endpoint, plan);
  const champion = promote ? plan.find(({ role }) => role === 'stable') : undefined;
  // lock the model before the endpoint, as setAlias does, to avoid a deadlock
  if (champion) await lockModel(tx, project, champion.modelName);
  const row = await lockEndpoint(tx, key, at);
  await requireVersions(tx, project, plan);
  const before = await listDeployments(tx, key);
  if (expected && !isSamePlan(expected, planOf(before))) throw new MitateError('ENDPOINT_CHANGED', { endpoint });
  await replaceDeployments(tx, key, before, plan, at);
  if (champion)
    await pointChampion(tx, project, { name: champion.modelName, version: champion.version, at, ...change });
  await appendEvent(tx, key, { ...change, at, action, before: planOf(before), after: plan });
  return row;
}

/** Until the transaction ends. @throws ENDPOINT_UNKNOWN */
export async function lockEndpoint(tx: Queryable, { project, endpoint }: EndpointKey, at: Date) {
  const [row] = await tx
    .update(endpoints)
    .set({ updatedAt: at })
    .where(and(eq(endpoints.project, project), eq(endpoints.name, endpoint), isNull(endpoints.deletedAt)))
    .returning();
  if (row === undefined) throw new MitateError('ENDPOINT_UNKNOWN', { endpoint });
  return row;
}

/** @throws MODEL_NOT_FOUND */
async function requireVersions(tx: Queryable, project: string, plan: readonly DeploymentPlan[]): Promise<void> {
  for (const { modelName, version } of plan) {
    const [known] = await tx
      .select({ version: modelVersions.version })
      .from(modelVersions)
      .where(
        and(eq(modelVersions.project, project), eq(modelVersions.name, modelName), eq(modelVersions.version, version)),
      );
    if (known === undefined) throw await modelNotFound(tx, project, `${modelName}@${version}`);
  }
}
