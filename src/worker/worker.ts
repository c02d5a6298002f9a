import { once } from 'node:events';
import type { BackgroundSteps } from '../actions/promotions/advance.ts';
import { expire } from '../actions/requests/expire.ts';
import { confinedParameters } from '../actions/runs/confined-parameters.ts';
import { withStore } from '../actions/with-store.ts';
import type { Config } from '../config/index.ts';
import type { Logger } from '../contracts/logger.ts';
import type { RunOrder } from '../contracts/run-order.ts';
import { MitateError, toMitateError } from '../errors/index.ts';
import { loadPipeline } from '../orchestrator/define/load-pipeline.ts';
import { newId } from '../orchestrator/launcher/ids.ts';
import { runPipeline } from '../orchestrator/launcher/run-pipeline.ts';
import { storedError } from '../orchestrator/launcher/step-error.ts';
import { openRunQueue } from '../orchestrator/queue/run-queue.ts';
import type { OpenStore } from '../store/open-store.ts';
import { tick } from './tick.ts';

/** A breach is rolled back within 10 s, of which polling takes at most these. */
const everyMs = 2_000;

/** Executes queued runs, one at a time, the tick of each minute and the hourly maintenance, until `signal` aborts. */
export async function work(config: Config, { logger, signal }: { logger: Logger; signal: AbortSignal }): Promise<void> {
  await withStore(config, { attach: 'server', serves: true }, async (store) => {
    await using promotions = keepPromoting(config, store, logger);
    await using queue = await openRunQueue(store, { works: true, logger });
    await queue.work({
      run: (order, attempt, closing) =>
        runOrder(config, store.forProject(order.project), order, attempt, logger, closing),
      tick: async () => {
        await tick(config, store, {
          now: new Date(),
          logger,
          promoting: promotions,
          enqueue: (order) => queue.add(order),
        });
      },
      upkeep: async () => {
        const { months, images } = await expire(store, config.logMonths);
        logger.info('maintenance finished', { months: months.map(({ month }) => month), images });
      },
    });
    logger.info('worker ready', { workspace: config.workspace });
    if (!signal.aborted) await once(signal, 'abort');
  });
}

async function runOrder(
  config: Config,
  store: OpenStore,
  order: RunOrder,
  attempt: number,
  logger: Logger,
  signal: AbortSignal,
): Promise<string> {
  const prepare = async () => {
    const pipeline = await loadPipeline(order.source);
    return { pipeline, parameters: await confinedParameters(config, pipeline, order) };
  };
  const { pipeline, parameters } = await prepare().catch(async (error: unknown) => {
    await store.triggers.noteFailure(order.id, 'begin', storedError(toMitateError(error)));
    await store.releases.settleStart(order.id, 'failed');
    throw error;
  });
  const summary = await runPipeline(pipeline, {
    store,
    workspace: config.workspace,
    processes: config.processes,
    source: order.source,
    parameters,
    ...(order.seed !== null && { seed: order.seed }),
    // a retry gets a new id: the row of the attempt whose worker died keeps its own
    id: attempt === 0 ? order.id : newId(),
    who: order.who,
    trigger: attempt === 0 ? order.trigger : `retry of ${order.id}`,
    signal,
  });
  logger.info('run finished', { run: summary.runId, pipeline: summary.pipeline, state: summary.state });
  if (signal.aborted) throw new MitateError('CANCELLED', {});
  return summary.runId;
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
