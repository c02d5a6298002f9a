import { sql } from 'drizzle-orm';
import { fromDrizzle, type JobWithMetadata, type PgBoss } from 'pg-boss';
import type { Logger } from '../../contracts/logger.ts';
import { type OrderState, type QueuedRun, type RunOrder, runOrderSchema } from '../../contracts/run-order.ts';
import { isMitateError, type MitateError, toMitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { Repositories } from '../../store/repositories.ts';
import { newId } from '../launcher/ids.ts';
import { openBoss } from './open-boss.ts';

const runs = 'runs';
const upkeep = 'upkeep';
const tick = 'tick';
const tickMs = 60_000;
const askAgainMs = 2_000;
const hourly = '0 * * * *';
/** Of the workers that had a run: the next resumes it from the cache; one that kills its workers itself ends. */
const deathsOfARun = 10;

/** What a worker does with a job. `signal` aborts when the worker closes or the order is cancelled. */
export interface Work {
  /** @param attempt from 0; above 0, a worker died over it. @returns the run's id */
  run(order: RunOrder, attempt: number, signal: AbortSignal): Promise<string>;
  upkeep(signal: AbortSignal): Promise<void>;
  /** Each minute; of all workers one at a time. */
  tick(signal: AbortSignal): Promise<void>;
}

/** The transaction of an audited change: the queue's row is part of it. */
export type Within = Pick<Repositories, 'context'>;

/** Runs that wait for a worker, over all projects, on the store's database. */
export interface RunQueue extends AsyncDisposable {
  /** @param order with an id: once, however often it is added. @returns the order's id, which will be the run's */
  add(order: Omit<RunOrder, 'id'> & { id?: string }, within?: Within): Promise<string>;
  /** Those that no run has come of yet, oldest first. */
  waiting(project: string): Promise<QueuedRun[]>;
  find(project: string, id: string): Promise<QueuedRun | null>;
  /** Of an order that waits. False: it runs already, or is not there. */
  cancel(project: string, id: string, within?: Within): Promise<boolean>;
  /** Takes one run at a time, and does the minute's tick and the hourly upkeep, until the queue is closed. */
  work(work: Work): Promise<void>;
}

export async function openRunQueue(store: OpenStore, options: { works?: boolean; logger: Logger }): Promise<RunQueue> {
  const boss = await openBoss(store, { works: options.works ?? false, logger: options.logger });
  await makeQueues(boss);
  const closing = new AbortController();
  const find = async (project: string, id: string, within?: Within) => {
    const [job] = await boss.findJobs<RunOrder>(runs, { id, ...inside(within) });
    return job?.data.project === project ? queuedRun(job) : null;
  };
  return {
    async add({ id = newId(), ...order }, within) {
      await boss.send(runs, { ...order, id }, { id, ...inside(within) });
      return id;
    },
    async waiting(project) {
      const jobs = await boss.findJobs<RunOrder>(runs, { data: { project }, queued: true });
      return jobs.map(queuedRun);
    },
    find: (project, id) => find(project, id),
    async cancel(project, id, within) {
      const order = await find(project, id, within);
      if (order?.state !== 'queued' && order?.state !== 'retry') return false;
      await boss.cancel(runs, id, inside(within));
      return true;
    },
    work: (work) => takeJobs(boss, work, closing.signal),
    async [Symbol.asyncDispose]() {
      closing.abort();
      await boss.stop({ timeout: 30_000 });
    },
  };
}

const inside = (within?: Within) => (within ? { db: fromDrizzle(within.context.database, sql) } : {});

/** A run may take a day, and says every 10 s that it lives. */
async function makeQueues(boss: PgBoss): Promise<void> {
  await boss.createQueue(runs, {
    expireInSeconds: 86_399,
    heartbeatSeconds: 20,
    retryLimit: deathsOfARun,
    retryDelay: 1,
  });
  await boss.createQueue(upkeep, { policy: 'exclusive', expireInSeconds: 3_600, heartbeatSeconds: 20, retryLimit: 0 });
  // what a dead worker left is the next tick's, and keeps it out until its silence is noticed
  await boss.createQueue(tick, { policy: 'exclusive', expireInSeconds: 3_600, heartbeatSeconds: 10, retryLimit: 0 });
}

async function takeJobs(boss: PgBoss, work: Work, closing: AbortSignal): Promise<void> {
  await boss.schedule(upkeep, hourly);
  await boss.work(upkeep, async ([job]) => work.upkeep(AbortSignal.any([closing, job!.signal])));
  await boss.work(tick, { pollingIntervalSeconds: 1 }, async ([job]) =>
    work.tick(AbortSignal.any([closing, job!.signal])),
  );
  askForTicks(boss, closing);
  await boss.work<RunOrder>(runs, { perJobResults: true, pollingIntervalSeconds: 1 }, async ([job]) => {
    const order = runOrderSchema.parse(job!.data);
    try {
      const runId = await work.run(order, job!.retryCount, AbortSignal.any([closing, job!.signal]));
      return [{ id: order.id, status: 'completed', output: { runId } }];
    } catch (thrown) {
      // what the worker's own end broke off is tried again; a pipeline that cannot be loaded now cannot be loaded in a second
      if (closing.aborted || isMitateError(thrown, 'DATABASE_STOPPED')) throw thrown;
      const { code, message, remedy } = toMitateError(thrown);
      return [{ id: order.id, status: 'deadletter', output: { code, message, remedy } }];
    }
  });
}

/**
 * By a timer of this process: pg-boss' own schedules go by the clock, and stop for an hour when that is set back by one. The first is asked
 * for until it is let in, since one that a worker left when it died keeps others out until its silence is noticed.
 */
function askForTicks(boss: PgBoss, closing: AbortSignal): void {
  const ask = () =>
    boss.send(tick).catch((error) => {
      boss.emit('error', error);
      return null;
    });
  let timer: NodeJS.Timeout;
  const first = async () => {
    const isLetIn = (await ask()) !== null;
    if (closing.aborted) return;
    timer = isLetIn ? setInterval(ask, tickMs) : setTimeout(first, askAgainMs);
  };
  void first();
  closing.addEventListener('abort', () => clearTimeout(timer), { once: true });
}

const states: Record<JobWithMetadata['state'], OrderState> = {
  created: 'queued',
  retry: 'retry',
  active: 'active',
  completed: 'completed',
  cancelled: 'cancelled',
  failed: 'failed',
};

function queuedRun({ data, state, createdOn, output }: JobWithMetadata<RunOrder>): QueuedRun {
  const { code, message, remedy, runId } = (output ?? {}) as Partial<MitateError> & { runId?: string };
  const error = code && message ? { code, message, remedy: remedy ?? '' } : null;
  return { ...data, state: states[state], queuedAt: createdOn, runId: runId ?? null, error };
}
