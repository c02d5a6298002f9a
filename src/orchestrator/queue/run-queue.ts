import { sql } from 'drizzle-orm';
import { fromDrizzle, type Job, type JobWithMetadata, type PgBoss } from 'pg-boss';
import type { Logger } from '../../contracts/logger.ts';
import { type OrderState, type QueuedRun, type RunOrder, runOrderSchema } from '../../contracts/run-order.ts';
import { isMitateError, type MitateError, toMitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { Repositories } from '../../store/repositories.ts';
import { newId } from '../launcher/ids.ts';
import { openBoss, orStopped } from './open-boss.ts';
import type { FailedPart } from './queue-state.ts';
import { supervise } from './supervise.ts';

const runs = 'runs';
const upkeep = 'upkeep';
const tick = 'tick';
const tickMs = 60_000;
const retryMs = 2_000;
const hourly = '0 * * * *';
/** Deaths of workers after which a run is given up: until then the next worker resumes it from the cache. */
const deathsOfARun = 10;

/** Handlers of a worker. `signal` aborts when the worker closes or the order is cancelled. */
export interface Work {
  /** @param attempt from 0; above 0 = a worker died during it. @returns the run's id */
  run(order: RunOrder, attempt: number, signal: AbortSignal): Promise<string>;
  upkeep(signal: AbortSignal): Promise<void>;
  /** Each minute, by one worker at a time. @returns what failed, for `queueState` */
  tick(signal: AbortSignal): Promise<readonly FailedPart[]>;
}

/** The transaction of an audited change: the queue's row is part of it. */
export type Within = Pick<Repositories, 'context'>;

export interface RunQueue extends AsyncDisposable {
  /** @param order with an id: added only once. @returns the order's id, which will be the run's */
  add(order: Omit<RunOrder, 'id'> & { id?: string }, within?: Within): Promise<string>;
  /** Those that have not started yet, oldest first. */
  waiting(project: string): Promise<QueuedRun[]>;
  find(project: string, id: string): Promise<QueuedRun | null>;
  /** Cancels a queued order. False = it already runs or does not exist. */
  cancel(project: string, id: string, within?: Within): Promise<boolean>;
  /** Takes one run at a time, and runs the tick of each minute and the hourly upkeep, until the queue is closed. */
  work(work: Work): Promise<void>;
}

export async function openRunQueue(store: OpenStore, options: { works?: boolean; logger: Logger }): Promise<RunQueue> {
  const boss = await openBoss(store, { works: options.works ?? false, logger: options.logger });
  await orStopped(boss, () => makeQueues(boss));
  const closing = new AbortController();
  const query = (text: string) => store.connection.pool.query<{ at?: string }>(text);
  const watch = options.works ? supervise(boss, query, (error) => boss.emit('error', error as Error)) : null;
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
      watch?.[Symbol.dispose]();
      await boss.stop({ timeout: 30_000 });
    },
  };
}

const inside = (within?: Within) => (within ? { db: fromDrizzle(within.context.database, sql) } : {});

/** A run may take a day; its worker sends a heartbeat every 10 s. */
async function makeQueues(boss: PgBoss): Promise<void> {
  await boss.createQueue(runs, {
    expireInSeconds: 86_399,
    heartbeatSeconds: 20,
    retryLimit: deathsOfARun,
    retryDelay: 1,
  });
  await boss.createQueue(upkeep, { policy: 'exclusive', expireInSeconds: 3_600, heartbeatSeconds: 20, retryLimit: 0 });
  // the job of a dead worker blocks the next tick until its heartbeat times out
  await boss.createQueue(tick, { policy: 'exclusive', expireInSeconds: 3_600, heartbeatSeconds: 10, retryLimit: 0 });
}

async function takeJobs(boss: PgBoss, work: Work, closing: AbortSignal): Promise<void> {
  await boss.schedule(upkeep, hourly);
  const signalOf = ({ signal }: Pick<Job, 'signal'>) => AbortSignal.any([closing, signal]);
  await boss.work(upkeep, async (jobs) => work.upkeep(signalOf(only(jobs))));
  await boss.work(tick, { pollingIntervalSeconds: 1 }, async (jobs) => ({
    failed: await work.tick(signalOf(only(jobs))),
  }));
  sendTicks(boss, closing);
  await boss.work<RunOrder>(runs, { perJobResults: true, pollingIntervalSeconds: 1 }, async (jobs) => {
    const job = only(jobs);
    const order = runOrderSchema.parse(job.data);
    try {
      const runId = await work.run(order, job.retryCount, signalOf(job));
      return [{ id: order.id, status: 'completed', output: { runId } }];
    } catch (thrown) {
      // a run that the worker's shutdown interrupted is retried; a pipeline that cannot be loaded is not
      if (closing.aborted || isMitateError(thrown, 'DATABASE_STOPPED')) throw thrown;
      const { code, message, remedy } = toMitateError(thrown);
      return [{ id: order.id, status: 'deadletter', output: { code, message, remedy } }];
    }
  });
}

/** pg-boss fetches one job at a time unless told otherwise. */
function only<J>([job]: readonly J[]): J {
  if (job === undefined) throw new RangeError('pg-boss called a worker without a job');
  return job;
}

/**
 * Uses a timer of this process: pg-boss' schedules follow the wall clock, and pause for an hour when it is set back by one. The first tick is sent
 * until it is accepted, since the job of a dead worker blocks others until its heartbeat times out.
 */
function sendTicks(boss: PgBoss, closing: AbortSignal): void {
  const send = () =>
    boss.send(tick).catch((error) => {
      boss.emit('error', error);
      return null;
    });
  let timer: NodeJS.Timeout;
  const first = async () => {
    const isAccepted = (await send()) !== null;
    if (closing.aborted) return;
    timer = isAccepted ? setInterval(send, tickMs) : setTimeout(first, retryMs);
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
