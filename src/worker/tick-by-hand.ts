import { withStore } from '../actions/with-store.ts';
import type { Config } from '../config/index.ts';
import type { Logger } from '../contracts/logger.ts';
import { openRunQueue } from '../orchestrator/queue/run-queue.ts';
import { type TickPart, tick } from './tick.ts';

/** One tick, at the current or a given time; its runs wait for a worker. */
export async function tickByHand(config: Config, { now, logger }: { now: Date; logger: Logger }): Promise<TickPart[]> {
  return await withStore(config, { attach: 'server' }, async (store) => {
    await using queue = await openRunQueue(store, { logger });
    return await tick(config, store, { now, logger, enqueue: (order) => queue.add(order) });
  });
}
