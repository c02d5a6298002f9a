import { randomUUID } from 'node:crypto';
import { and, eq, isNull, sql } from 'drizzle-orm';
import { planWithout } from '../../contracts/endpoint-plan.ts';
import type { Promotion, PromotionDecision, PromotionState } from '../../contracts/loop/promotion.ts';
import { MitateError } from '../../errors/index.ts';
import type { Queryable } from '../database/connect.ts';
import { promotions } from '../database/feedback-schema.ts';
import { onlyRow } from '../database/only-row.ts';
import { changePlan, lockEndpoint } from '../endpoints/change-plan.ts';
import { listDeployments, planOf } from '../endpoints/deployments.ts';
import type { NewPromotion } from './contract.ts';
import { toPromotion } from './row.ts';

type OpenInput = NewPromotion & { project: string };

/** Inside the caller's transaction. @throws ENDPOINT_UNKNOWN, MODEL_NOT_FOUND, PROMOTION_ENDPOINT_EMPTY, PROMOTION_ALREADY_STABLE */
export async function openPromotion(tx: Queryable, input: OpenInput): Promise<Promotion> {
  const { project, endpoint, modelName, version, policy, who, at } = input;
  await lockEndpoint(tx, { project, endpoint }, at);
  const stable = (await listDeployments(tx, { project, endpoint })).find(({ role }) => role === 'stable');
  const model = `${modelName}@${version}`;
  if (stable === undefined) throw new MitateError('PROMOTION_ENDPOINT_EMPTY', { endpoint, model });
  if (stable.modelName === modelName && stable.version === version)
    throw new MitateError('PROMOTION_ALREADY_STABLE', { endpoint, model });
  const active = await activeOn(tx, input);
  if (active?.modelName === modelName && active.version === version) return active;
  if (active) await supersede(tx, active, input);
  const rows = await tx
    .insert(promotions)
    .values({
      id: randomUUID(),
      project,
      endpoint,
      modelName,
      version,
      championName: stable.modelName,
      championVersion: stable.version,
      state: 'replaying',
      step: -1,
      stepSince: at,
      policy,
      decisions: [decisionOf('replaying', input)],
      revision: 0,
      who,
      createdAt: at,
    })
    .returning();
  return toPromotion(onlyRow(rows));
}

async function activeOn(tx: Queryable, { project, endpoint }: OpenInput): Promise<Promotion | null> {
  const [row] = await tx
    .select()
    .from(promotions)
    .where(and(eq(promotions.project, project), eq(promotions.endpoint, endpoint), isNull(promotions.endedAt)));
  return row ? toPromotion(row) : null;
}

/** The newer candidate was trained on newer data; the older one returns its traffic. */
async function supersede(tx: Queryable, old: Promotion, { modelName, version, who, at }: OpenInput): Promise<void> {
  const { project, endpoint } = old;
  const why = `${modelName}@${version} takes the place of ${old.modelName}@${old.version}`;
  const before = planOf(await listDeployments(tx, { project, endpoint }));
  const candidate = before.find((each) => each.modelName === old.modelName && each.version === old.version);
  if (candidate && candidate.role !== 'stable')
    await changePlan(
      tx,
      { project, endpoint },
      { plan: planWithout(before, candidate), action: 'undeploy', at, who, why },
    );
  const decision = decisionOf('superseded', { who, why, at });
  await tx
    .update(promotions)
    .set({
      state: 'superseded',
      gate: null,
      revision: old.revision + 1,
      decisions: sql`${promotions.decisions} || ${JSON.stringify([decision])}::jsonb`,
      endedAt: at,
    })
    .where(eq(promotions.id, old.id));
}

function decisionOf(state: PromotionState, { who, why, at }: Pick<OpenInput, 'who' | 'why' | 'at'>): PromotionDecision {
  return { at: at.toISOString(), state, who, why, evidence: null, artifact: null };
}
