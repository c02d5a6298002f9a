import type { Logger } from '../../contracts/logger.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { RunQueue } from './run-queue.ts';

/** A server's queue: opened by the first run that is asked for, since opening makes tables (0.5 s) and few servers are asked. */
export interface LazyQueue extends AsyncDisposable {
  get(): Promise<RunQueue>;
}

export function lazyQueue(store: OpenStore, logger: Logger): LazyQueue {
  let queue: Promise<RunQueue> | undefined;
  return {
    get() {
      queue ??= import('./run-queue.ts').then(({ openRunQueue }) => openRunQueue(store, { logger }));
      // a database that was away is asked again next time
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
