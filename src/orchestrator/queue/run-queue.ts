import { sql } from 'drizzle-orm';
import type { Job, JobWithMetadata, PgBoss } from 'pg-boss';
import type { Logger } from '../../contracts/logger.ts';
import { storedError } from '../../contracts/run.ts';
import { type OrderState, type QueuedRun, type RunOrder, runOrderSchema } from '../../contracts/run-order.ts';
import { isMitateError, type MitateError, toMitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { newId } from '../launcher/ids.ts';
import { inside, openBoss, orStopped, type Within } from './open-boss.ts';
import { type FailedPart, queueSchema } from './queue-state.ts';
import { supervise } from './supervise.ts';

/** Of all projects without a worker of their own. */
const runs = 'runs';
const ownQueue = (project: string) => `${runs}.${project}`;
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

export interface RunQueue extends AsyncDisposable {
  /** @param order with an id: added only once. @returns the order's id, which will be the run's */
  add(order: Omit<RunOrder, 'id'> & { id?: string }, within?: Within): Promise<string>;
  /** Those that have not started yet, oldest first. */
  waiting(project: string): Promise<QueuedRun[]>;
  find(project: string, id: string): Promise<QueuedRun | null>;
  /** Cancels a queued order. False = it already runs or does not exist. */
  cancel(project: string, id: string, within?: Within): Promise<boolean>;
  /** Whether the runs of a project wait for a worker of its own. */
  hasOwnWorker(project: string, within?: Within): Promise<boolean>;
  /** From now on the project's runs wait for its own worker. */
  claim(project: string): Promise<void>;
  /** The general worker takes the project's runs again. False = some wait for its own. */
  release(project: string, within: Within): Promise<boolean>;
  /** Takes the runs of a project with a worker of its own, one at a time, until the queue is closed. */
  workFor(project: string, run: Work['run']): Promise<void>;
  /** Takes one run at a time, of the other projects, and runs the tick of each minute and the hourly upkeep, until the queue is closed. */
  work(work: Work): Promise<void>;
}

export async function openRunQueue(store: OpenStore, options: { works?: boolean; logger: Logger }): Promise<RunQueue> {
  const boss = await openBoss(store, { works: options.works ?? false, logger: options.logger });
  await orStopped(boss, () => makeQueues(boss));
  const closing = new AbortController();
  const query = (text: string) => store.connection.pool.query<{ at?: string }>(text);
  const watch = options.works ? supervise(boss, query, (error) => boss.emit('error', error as Error)) : null;
  const hasOwnWorker = async (project: string) => (await boss.getQueue(ownQueue(project))) !== null;
  /** A run that was queued before its project had its own stays where it is. */
  const queuesOf = async (project: string) => ((await hasOwnWorker(project)) ? [ownQueue(project), runs] : [runs]);
  const find = async (project: string, id: string) => {
    for (const queue of await queuesOf(project)) {
      const [job] = await boss.findJobs<RunOrder>(queue, { id });
      if (job?.data.project === project) return { queue, order: queuedRun(job) };
    }
    return null;
  };
  return {
    add: ({ id = newId(), ...order }, within) =>
      inside(within, async () => {
        const [queue = runs] = await queuesOf(order.project);
        await boss.send(queue, { ...order, id }, { id });
        return id;
      }),
    async waiting(project) {
      const oldestFirst = (await queuesOf(project)).toReversed();
      const jobs = oldestFirst.map((queue) => boss.findJobs<RunOrder>(queue, { data: { project }, queued: true }));
      return (await Promise.all(jobs)).flat().map(queuedRun);
    },
    find: async (project, id) => (await find(project, id))?.order ?? null,
    cancel: (project, id, within) =>
      inside(within, async () => {
        const found = await find(project, id);
        if (found?.order.state !== 'queued' && found?.order.state !== 'retry') return false;
        await boss.cancel(found.queue, id);
        return true;
      }),
    hasOwnWorker: (project, within) => inside(within, () => hasOwnWorker(project)),
    claim: (project) => boss.createQueue(ownQueue(project), queueOfRuns),
    async release(project, within) {
      const jobs = await inside(within, () => boss.findJobs(ownQueue(project)));
      if (jobs.some(({ state }) => ['created', 'retry', 'active'].includes(state))) return false;
      await within.context.database.execute(sql`select ${sql.raw(queueSchema)}.delete_queue(${ownQueue(project)})`);
      return true;
    },
    workFor: (project, run) => takeRuns(boss, ownQueue(project), run, closing.signal),
    work: (work) => takeJobs(boss, work, closing.signal),
    async [Symbol.asyncDispose]() {
      closing.abort();
      watch?.[Symbol.dispose]();
      await boss.stop({ timeout: 30_000 });
    },
  };
}

/** A run may take a day; its worker sends a heartbeat every 10 s. */
const queueOfRuns = { expireInSeconds: 86_399, heartbeatSeconds: 20, retryLimit: deathsOfARun, retryDelay: 1 };

async function makeQueues(boss: PgBoss): Promise<void> {
  await boss.createQueue(runs, queueOfRuns);
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
  await takeRuns(boss, runs, work.run, closing);
}

async function takeRuns(boss: PgBoss, queue: string, run: Work['run'], closing: AbortSignal): Promise<void> {
  await boss.work<RunOrder>(queue, { perJobResults: true, pollingIntervalSeconds: 1 }, async (jobs) => {
    const job = only(jobs);
    const order = runOrderSchema.parse(job.data);
    try {
      const runId = await run(order, job.retryCount, AbortSignal.any([closing, job.signal]));
      return [{ id: order.id, status: 'completed', output: { runId } }];
    } catch (thrown) {
      // a run that the worker's shutdown interrupted is retried; a pipeline that cannot be loaded is not
      if (closing.aborted || isMitateError(thrown, 'DATABASE_STOPPED')) throw thrown;
      return [{ id: order.id, status: 'deadletter', output: storedError(toMitateError(thrown)) }];
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
