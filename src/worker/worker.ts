import { once } from 'node:events';
import { expire } from '../actions/requests/expire.ts';
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
import { keepPromoting } from './keep-promoting.ts';
import { tick } from './tick.ts';

/** Works off queued runs, one at a time, and does the minute's tick and the hourly upkeep, until `signal` aborts. */
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
        logger.info('upkeep is done', { months: months.map(({ month }) => month), images });
      },
    });
    logger.info('the worker waits for runs', { workspace: config.workspace });
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
  const pipeline = await loadPipeline(order.source).catch(async (error: unknown) => {
    await store.triggers.noteFailure(order.id, 'begin', storedError(toMitateError(error)));
    await store.releases.settleStart(order.id, 'failed');
    throw error;
  });
  const summary = await runPipeline(pipeline, {
    store,
    workspace: config.workspace,
    processes: config.processes,
    source: order.source,
    parameters: order.parameters,
    ...(order.seed !== null && { seed: order.seed }),
    // the row of the attempt whose worker died keeps its id
    id: attempt === 0 ? order.id : newId(),
    who: order.who,
    trigger: attempt === 0 ? order.trigger : `retry of ${order.id}`,
    signal,
  });
  logger.info('run finished', { run: summary.runId, pipeline: summary.pipeline, state: summary.state });
  if (signal.aborted) throw new MitateError('CANCELLED', {});
  return summary.runId;
}
