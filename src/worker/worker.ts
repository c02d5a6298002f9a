import type { BackgroundSteps } from '../actions/promotions/advance.ts';
import { expire } from '../actions/requests/expire.ts';
import { codeOfRun } from '../actions/runs/code-of-run.ts';
import { confinedParameters } from '../actions/runs/confined-parameters.ts';
import { withStore } from '../actions/with-store.ts';
import type { Config } from '../config/index.ts';
import { packageVersion } from '../config/package-version.ts';
import type { Logger } from '../contracts/logger.ts';
import { storedError } from '../contracts/run.ts';
import type { RunOrder } from '../contracts/run-order.ts';
import { MitateError, toMitateError } from '../errors/index.ts';
import { newId } from '../orchestrator/launcher/ids.ts';
import { runPipeline } from '../orchestrator/launcher/run-pipeline.ts';
import { openRunQueue } from '../orchestrator/queue/run-queue.ts';
import { untilAborted } from '../processes/until-aborted.ts';
import type { OpenStore } from '../store/open-store.ts';
import { tick } from './tick.ts';
import { openTraces, type Traces } from './traces.ts';

/** A breach is rolled back within 10 s, of which polling takes at most these. */
const everyMs = 2_000;

/**
 * Executes queued runs, one at a time, the tick of each minute and the hourly maintenance, until `signal` aborts.
 * @throws DATABASE_STOPPED when the database has ended for good
 */
export async function work(
  config: Config,
  { logger, signal, ready }: { logger: Logger; signal: AbortSignal; ready: () => void },
): Promise<void> {
  await withStore(config, { attach: 'server', serves: true, logger }, async (store) => {
    await using traces = openTraces(config.tracing, packageVersion, logger);
    await using promotions = keepPromoting(config, store, logger);
    await using queue = await openRunQueue(store, { works: true, logger });
    const late = new Map<string, number>();
    await queue.work({
      run: (order, attempt, closing) =>
        runOrder(config, store.forProject(order.project), order, attempt, { logger, traces, signal: closing }),
      tick: async () => {
        const parts = await tick(config, store, {
          now: new Date(),
          logger,
          late,
          promoting: promotions,
          enqueue: (order) => queue.add(order),
        });
        traces.tick(parts);
        return parts.flatMap(({ project, part, error }) => (error ? [{ project, part, code: error.code }] : []));
      },
      upkeep: async () => {
        const { months, ...deleted } = await expire(store, config);
        logger.info('maintenance finished', { months: months.map(({ month }) => month), ...deleted });
      },
    });
    logger.info('worker ready', { workspace: config.workspace });
    ready();
    await untilAborted(signal, store.lost);
  });
}

/** Executes the queued runs of one project, which no other worker takes from now on; nothing else. */
export async function workFor(
  config: Config,
  project: string,
  { logger, signal, ready }: { logger: Logger; signal: AbortSignal; ready: () => void },
): Promise<void> {
  await withStore({ ...config, project }, { attach: 'server', serves: true, logger }, async (store) => {
    await using traces = openTraces(config.tracing, packageVersion, logger);
    await using queue = await openRunQueue(store, { works: true, logger });
    await queue.claim(project);
    await queue.workFor(project, (order, attempt, closing) =>
      runOrder(config, store, order, attempt, { logger, traces, signal: closing }),
    );
    logger.info('worker ready', { workspace: config.workspace, project });
    ready();
    await untilAborted(signal, store.lost);
  });
}

async function runOrder(
  config: Config,
  store: OpenStore,
  order: RunOrder,
  attempt: number,
  { logger, traces, signal }: { logger: Logger; traces: Traces; signal: AbortSignal },
): Promise<string> {
  using limit = runLimit(config, signal);
  await using opened = new AsyncDisposableStack();
  const prepare = async () => {
    const pipeline = opened.use(await codeOfRun(config, store, order.source, limit.signal));
    return { pipeline, parameters: await confinedParameters(config, pipeline, order) };
  };
  const notBegun = async (error: unknown): Promise<never> => {
    await store.triggers.noteFailure(order.id, 'begin', storedError(toMitateError(error)));
    await store.releases.settleStart(order.id, 'failed');
    throw error;
  };
  const { pipeline, parameters } = await prepare().catch(notBegun);
  // a retry gets a new id: the row of the attempt whose worker died keeps its own
  const id = attempt === 0 ? order.id : newId();
  const summary = await runPipeline(pipeline, {
    store,
    workspace: config.workspace,
    processes: config.processes,
    source: order.source,
    parameters,
    ...(order.seed !== null && { seed: order.seed }),
    id,
    who: order.who,
    experiment: order.experiment,
    note: order.note,
    trigger: attempt === 0 ? order.trigger : `retry of ${order.id}`,
    signal: limit.signal,
  }).catch(async (error: unknown) => {
    // refused before it had a row, such as for what its parameters name
    if ((await store.getRun(id)) === null) return await notBegun(error);
    throw error;
  });
  logger.info('run finished', { run: summary.runId, pipeline: summary.pipeline, state: summary.state });
  if (config.tracing !== null) {
    const run = await store.getRun(summary.runId);
    if (run !== null) traces.run(run, await store.listExecutions(run.id));
  }
  if (signal.aborted) throw new MitateError('CANCELLED', {});
  return summary.runId;
}

/** A signal that also aborts when the run has taken as long as it may. */
function runLimit({ runs: { timeoutMs } }: Config, signal: AbortSignal): { signal: AbortSignal } & Disposable {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new MitateError('RUN_TIMEOUT', { seconds: timeoutMs / 1000 })), timeoutMs);
  return { signal: AbortSignal.any([signal, late.signal]), [Symbol.dispose]: () => clearTimeout(timer) };
}

/** Advances active promotions every 2 s; without any, that costs one short query. */
function keepPromoting(config: Config, store: OpenStore, logger: Logger): BackgroundSteps & AsyncDisposable {
  const stop = new AbortController();
  const background: BackgroundSteps = { promotions: new Map(), signal: stop.signal };
  let looking: Promise<void> | undefined;
  const timer = setInterval(() => {
    looking ??= look(config, store, logger, background).finally(() => {
      looking = undefined;
    });
  }, everyMs);
  return {
    ...background,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      stop.abort();
      await looking;
      await Promise.all(background.promotions.values());
    },
  };
}

async function look(config: Config, store: OpenStore, logger: Logger, background: BackgroundSteps) {
  try {
    if ((await store.promotions.listActive()).length === 0) return;
    const { advancePromotions } = await import('../actions/promotions/advance.ts');
    await advancePromotions(config, store, { now: new Date(), logger, background });
  } catch (thrown) {
    const { code, message } = toMitateError(thrown);
    logger.error('promotions not advanced', { code, reason: message });
  }
}
