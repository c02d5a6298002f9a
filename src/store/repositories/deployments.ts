import { randomUUID } from 'node:crypto';
import { and, desc, eq, isNull } from 'drizzle-orm';
import type { Queryable } from '../database/connect.ts';
import { deployments, endpoints } from '../database/schema.ts';
import type { Deployment } from '../store.ts';

/** Those that are live now. */
export async function listDeployments(database: Queryable, endpoint?: string): Promise<Deployment[]> {
  const rows = await database
    .select()
    .from(deployments)
    .where(and(isNull(deployments.until), endpoint === undefined ? undefined : eq(deployments.endpoint, endpoint)))
    .orderBy(desc(deployments.seq));
  return rows.map(({ seq: _seq, until: _until, ...deployment }) => deployment);
}

/** Points the stable traffic of every endpoint that serves the model at this version. */
export async function moveStable(tx: Queryable, modelName: string, version: number, at: Date): Promise<void> {
  const stable = and(isNull(deployments.until), eq(deployments.modelName, modelName), eq(deployments.role, 'stable'));
  const rows = await tx.select().from(deployments).where(stable);
  const moved = rows.filter((row) => row.version !== version);
  for (const { id, endpoint, traffic } of moved) {
    await tx.update(deployments).set({ until: at }).where(eq(deployments.id, id));
    await tx
      .insert(deployments)
      .values({ id: randomUUID(), endpoint, modelName, version, role: 'stable', traffic, since: at });
  }
}

/** Gives the endpoint, made when it is new, wholly to this version. */
export async function deployStable(
  tx: Queryable,
  { endpoint, modelName, version, at }: { endpoint: string; modelName: string; version: number; at: Date },
): Promise<void> {
  await tx.insert(endpoints).values({ name: endpoint, createdAt: at }).onConflictDoNothing();
  const live = and(isNull(deployments.until), eq(deployments.endpoint, endpoint));
  await tx.update(deployments).set({ until: at }).where(live);
  await tx
    .insert(deployments)
    .values({ id: randomUUID(), endpoint, modelName, version, role: 'stable', traffic: 100, since: at });
}
