import { randomUUID } from 'node:crypto';
import { and, desc, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import type { Deployment, DeploymentPlan } from '../../contracts/endpoint.ts';
import { promotedPlan } from '../../contracts/endpoint-plan.ts';
import { eqIf } from '../database/conditions.ts';
import type { Queryable } from '../database/connect.ts';
import { deployments, endpoints } from '../database/schema.ts';
import type { EndpointChange } from './contract.ts';
import { appendEvent } from './events.ts';

export interface EndpointKey {
  project: string;
  endpoint: string;
}

export async function listDeployments(
  database: Queryable,
  { project, endpoint }: { project: string; endpoint?: string | undefined },
): Promise<Deployment[]> {
  const live = and(isNull(deployments.until), eq(deployments.project, project));
  const rows = await database
    .select()
    .from(deployments)
    .where(and(live, eqIf(deployments.endpoint, endpoint)))
    .orderBy(desc(deployments.seq));
  return rows.map(({ seq: _seq, until: _until, project: _project, ...deployment }) => deployment);
}

export const planOf = (live: readonly Deployment[]): DeploymentPlan[] =>
  live.toSorted(stableFirst).map(({ modelName, version, role, traffic }) => ({ modelName, version, role, traffic }));

const order: Record<DeploymentPlan['role'], number> = { stable: 0, canary: 1, shadow: 2 };

export const stableFirst = (a: Pick<DeploymentPlan, 'role'>, b: Pick<DeploymentPlan, 'role'>): number =>
  order[a.role] - order[b.role];

/** Replaces the active deployments by the plan; a deployment with the same model, version and role keeps its id. */
export async function replaceDeployments(
  tx: Queryable,
  { project, endpoint }: EndpointKey,
  live: readonly Deployment[],
  plan: readonly DeploymentPlan[],
  at: Date,
): Promise<void> {
  const isSame = (a: DeploymentPlan, b: DeploymentPlan) =>
    a.modelName === b.modelName && a.version === b.version && a.role === b.role;
  const closed = live.filter((old) => !plan.some((each) => isSame(old, each))).map(({ id }) => id);
  if (closed.length > 0) await tx.update(deployments).set({ until: at }).where(inArray(deployments.id, closed));
  const opened: (typeof deployments.$inferInsert)[] = [];
  for (const each of plan) {
    const kept = live.find((old) => isSame(old, each));
    if (kept === undefined) opened.push({ ...each, id: randomUUID(), project, endpoint, since: at });
    else if (kept.traffic !== each.traffic)
      await tx.update(deployments).set({ traffic: each.traffic }).where(eq(deployments.id, kept.id));
  }
  if (opened.length > 0) await tx.insert(deployments).values(opened);
}

type Served = EndpointChange & { project: string; modelName: string; version: number; at: Date };

/** Moves the stable traffic of every endpoint that serves the model to this version. */
export async function moveStable(tx: Queryable, { project, modelName, version, at, ...change }: Served): Promise<void> {
  const all = await listDeployments(tx, { project });
  const serving = all.filter(
    (each) => each.role === 'stable' && each.modelName === modelName && each.version !== version,
  );
  for (const endpoint of serving.map((each) => each.endpoint).sort()) {
    const live = all.filter((each) => each.endpoint === endpoint);
    const plan = promotedPlan(planOf(live), { modelName, version });
    const key = { project, endpoint };
    await replaceDeployments(tx, key, live, plan, at);
    await appendEvent(tx, key, { ...change, at, action: 'promote', before: planOf(live), after: plan });
  }
}

/** Gives all traffic of an endpoint without deployments to this version; creates a missing endpoint. */
export async function deployStable(
  tx: Queryable,
  { project, endpoint, live, ...deployed }: Served & EndpointKey & { live: readonly Deployment[] },
): Promise<void> {
  const { modelName, version, at, who, why } = deployed;
  const revived = { createdAt: at, settings: {}, deletedAt: null };
  await tx
    .insert(endpoints)
    .values({ project, name: endpoint, createdAt: at })
    .onConflictDoUpdate({
      target: [endpoints.project, endpoints.name],
      set: revived,
      setWhere: isNotNull(endpoints.deletedAt),
    });
  const plan: DeploymentPlan[] = [{ modelName, version, role: 'stable', traffic: 100 }];
  const key = { project, endpoint };
  await replaceDeployments(tx, key, live, plan, at);
  await appendEvent(tx, key, { who, why, at, action: 'deploy', before: planOf(live), after: plan });
}
