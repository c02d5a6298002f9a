import { setTimeout as wait } from 'node:timers/promises';
import type { BackgroundSteps } from '../actions/promotions/advance.ts';
import type { Config } from '../config/index.ts';
import type { Logger } from '../contracts/logger.ts';
import type { RunOrder } from '../contracts/run-order.ts';
import { MitateError, toMitateError } from '../errors/index.ts';
import type { OpenStore } from '../store/open-store.ts';

export interface TickOptions {
  now: Date;
  logger: Logger;
  /** Enqueues a run; the same id twice is one run. */
  enqueue(order: RunOrder): Promise<string>;
  /** Promotion steps in the background: see `advancePromotions`. Absent = all steps are awaited. */
  promoting?: BackgroundSteps;
  /** Parts that earlier ticks gave up waiting for, while they go on, with the time of their begin. Default: none. */
  late?: Map<string, number>;
  /** Milliseconds after which the tick goes on without a part. Default 120,000: monitors of a million requests take 30 s. */
  partMs?: number;
}

/** Outcome of one part. */
export interface TickPart {
  /** Null = all of them. */
  project: string | null;
  part: string;
  /** Results, alerts, active promotions, firings, messages, fills; 0 when it failed. */
  done: number;
  error: MitateError | null;
  /** Milliseconds since 1970. */
  startMs: number;
  endMs: number;
}

const defaultPartMs = 120_000;

/** `clock` starts at `now` and advances while earlier parts run: monitors of a million requests take half a minute. */
type Work = (config: Config, store: OpenStore, options: TickOptions & { clock: () => Date }) => Promise<number>;

interface Part {
  /** Handles all projects itself. */
  ofAll?: true;
  /** Loads its code at the first tick only. */
  load(): Promise<Work>;
}

/** In this order, so that each part sees what the one before wrote. */
const parts: Record<string, Part> = {
  monitors: {
    load: async () => {
      const { runDueMonitors } = await import('../actions/monitors/run.ts');
      return async (_, store, options) => (await runDueMonitors(store, options)).length;
    },
  },
  alerts: {
    load: async () => {
      const { raiseAlerts } = await import('../actions/alerts/raise.ts');
      return async (_, store, options) => (await raiseAlerts(store, options)).length;
    },
  },
  promotions: {
    ofAll: true,
    load: async () => {
      const { advancePromotions } = await import('../actions/promotions/advance.ts');
      return async (config, store, { now, logger, promoting }) => {
        const active = await store.promotions.listActive();
        await advancePromotions(config, store, { now, logger, ...(promoting && { background: promoting }) });
        return active.length;
      };
    },
  },
  triggers: {
    load: async () => {
      const { fireTriggers } = await import('../actions/triggers/fire.ts');
      return async (config, store, options) => (await fireTriggers(config, store, options)).length;
    },
  },
  deliveries: {
    load: async () => {
      const { deliverDue } = await import('../actions/alerts/deliver.ts');
      return async ({ channels }, store, { logger, clock }) => {
        const { delivered, failed, dead } = await deliverDue(store, { logger, clock, channels });
        return delivered + failed + dead;
      };
    },
  },
  'review queues': {
    ofAll: true,
    load: async () => {
      const { fillQueues } = await import('../actions/review/fill.ts');
      return async (_, store, options) => (await fillQueues(store, options)).length;
    },
  },
};

/**
 * Does what is due in every project, once a minute. A part that fails does not stop the others. Safe to run in several processes: every part
 * records what it did under a unique key.
 */
export async function tick(config: Config, store: OpenStore, options: TickOptions): Promise<TickPart[]> {
  const projects = (await store.access.listProjects()).map(({ name }) => name);
  const did: TickPart[] = [];
  const began = performance.now();
  const clock = () => new Date(options.now.getTime() + performance.now() - began);
  for (const [part, { ofAll, load }] of Object.entries(parts))
    for (const project of ofAll ? [null] : projects) {
      const scoped = project === null || project === store.project ? store : store.forProject(project);
      const work = async () => (await load())(config, scoped, { ...options, clock });
      did.push(await isolated({ project, part }, options, work));
    }
  return did;
}

async function isolated(
  place: Pick<TickPart, 'project' | 'part'>,
  { logger, ...limits }: TickOptions,
  work: () => Promise<number>,
): Promise<TickPart> {
  const startMs = Date.now();
  try {
    const done = await inTime(place, limits, work);
    return { ...place, done, error: null, startMs, endMs: Date.now() };
  } catch (thrown) {
    const error = toMitateError(thrown);
    logger.error('tick part failed', { ...place, code: error.code, error: error.message });
    return { ...place, done: 0, error, startMs, endMs: Date.now() };
  }
}

/** A call to a file system that hangs never returns, and cannot be cancelled. @throws TICK_PART_LATE */
async function inTime(
  { project, part }: Pick<TickPart, 'project' | 'part'>,
  { late = new Map(), partMs = defaultPartMs }: Pick<TickOptions, 'late' | 'partMs'>,
  work: () => Promise<number>,
): Promise<number> {
  const key = `${project} ${part}`;
  const tooLate = (since: number) =>
    new MitateError('TICK_PART_LATE', { part, seconds: Math.round((performance.now() - since) / 1000) });
  const before = late.get(key);
  if (before !== undefined) throw tooLate(before);
  const began = performance.now();
  late.set(key, began);
  const working = work().finally(() => late.delete(key));
  const isOver = new AbortController();
  const expired = wait(partMs, null, { signal: isOver.signal, ref: false }).then(() => {
    throw tooLate(began);
  });
  expired.catch(() => {});
  working.catch(() => {});
  return await Promise.race([working, expired]).finally(() => isOver.abort());
}
