import type { Logger } from '../../contracts/logger.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { RunQueue } from './run-queue.ts';

/** A server's queue, opened by its first run: opening creates tables (0.5 s), and few servers need them. */
export interface LazyQueue extends AsyncDisposable {
  get(): Promise<RunQueue>;
}

export function lazyQueue(store: OpenStore, logger: Logger): LazyQueue {
  let queue: Promise<RunQueue> | undefined;
  return {
    get() {
      queue ??= import('./run-queue.ts').then(({ openRunQueue }) => openRunQueue(store, { logger }));
      // tried again next time, since the database may have been unavailable
      queue.catch(() => {
        queue = undefined;
      });
      return queue;
    },
    async [Symbol.asyncDispose]() {
      await (await queue)?.[Symbol.asyncDispose]();
    },
  };
}
