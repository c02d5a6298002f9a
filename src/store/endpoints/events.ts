import { and, asc, desc, eq, gt, inArray, lte, type SQL } from 'drizzle-orm';
import type { DeploymentPlan, EndpointAction, EndpointEvent } from '../../contracts/endpoint.ts';
import { ltIf } from '../database/conditions.ts';
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
    .where(and(of(key), ltIf(endpointEvents.seq, before)))
    .orderBy(desc(endpointEvents.seq))
    .limit(limit);
  return rows.map(({ project: _, ...event }) => event);
}

/** @see EndpointStore.eventsAt */
export async function readEventsAt(database: Queryable, key: Key, at: Date) {
  const one = async (actions: EndpointAction[], time: SQL, order: SQL): Promise<EndpointEvent | null> => {
    const [row] = await database
      .select()
      .from(endpointEvents)
      .where(and(of(key), inArray(endpointEvents.action, actions), time))
      .orderBy(order)
      .limit(1);
    if (row === undefined) return null;
    const { project: _, ...event } = row;
    return event;
  };
  const [newest, first] = [desc(endpointEvents.seq), asc(endpointEvents.seq)];
  return {
    plan: await one([...undone, 'rollback', 'delete'], lte(endpointEvents.at, at), newest),
    settings: await one(['create', 'set'], lte(endpointEvents.at, at), newest),
    nextSettings: await one(['set'], gt(endpointEvents.at, at), first),
  };
}

/** Changes of traffic that a rollback undoes. */
const undone: EndpointAction[] = ['deploy', 'undeploy', 'traffic', 'promote'];

/**
 * The plan before the newest change that was not rolled back, so that a second rollback goes one step further.
 * @returns null when there is none, or when the endpoint had no deployment then
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
