import { and, asc, desc, eq, inArray, lt } from 'drizzle-orm';
import type { DeploymentPlan, EndpointAction, EndpointEvent } from '../../contracts/endpoint.ts';
import type { Queryable } from '../database/connect.ts';
import { endpointEvents } from '../database/schema.ts';

interface Key {
  project: string;
  endpoint: string;
}

const of = ({ project, endpoint }: Key) =>
  and(eq(endpointEvents.project, project), eq(endpointEvents.endpoint, endpoint));

export async function appendEvent(
  tx: Queryable,
  key: Key,
  event: Omit<EndpointEvent, 'seq' | 'endpoint'>,
): Promise<void> {
  await tx.insert(endpointEvents).values({ ...key, ...event });
}

export async function readTimeline(
  database: Queryable,
  key: Key,
  { before, limit = 100 }: { before?: number; limit?: number },
): Promise<EndpointEvent[]> {
  const rows = await database
    .select()
    .from(endpointEvents)
    .where(and(of(key), before === undefined ? undefined : lt(endpointEvents.seq, before)))
    .orderBy(desc(endpointEvents.seq))
    .limit(limit);
  return rows.map(({ project: _, ...event }) => event);
}

/** What changes who answers, and can be taken back. */
const undone: EndpointAction[] = ['deploy', 'undeploy', 'traffic', 'promote'];

/**
 * The plan from before the newest change that was not rolled back yet, so that a second rollback goes one further back.
 * @returns null when there is nothing to go back to: an endpoint that answered nothing is no place to go
 */
export async function planBefore(database: Queryable, key: Key): Promise<DeploymentPlan[] | null> {
  const rows = await database
    .select({ action: endpointEvents.action, before: endpointEvents.before })
    .from(endpointEvents)
    .where(and(of(key), inArray(endpointEvents.action, [...undone, 'rollback', 'delete'])))
    .orderBy(asc(endpointEvents.seq));
  const stack: DeploymentPlan[][] = [];
  for (const { action, before } of rows) {
    if (action === 'delete') stack.length = 0;
    else if (action === 'rollback') stack.pop();
    else stack.push((before ?? []) as DeploymentPlan[]);
  }
  const plan = stack.at(-1);
  return plan === undefined || plan.length === 0 ? null : plan;
}
