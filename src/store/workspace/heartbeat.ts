import type { Database } from '../database/connect.ts';
import { beat } from '../runs/repository.ts';
import type { Store } from '../store.ts';

const beatMs = 15_000;
type RunEnds = Pick<Store, 'createRun' | 'finishRun'>;

export interface Heartbeat {
  follow<T extends RunEnds>(methods: T): T;
  stop(): void;
}

/** Others may work on the same database: renews the heartbeat of the runs that this store started and did not finish. */
export function startHeartbeat(database: Database): Heartbeat {
  const mine = new Set<string>();
  const timer = setInterval(() => {
    // a missed beat is made up by the next; queries say what is wrong
    if (mine.size > 0) beat(database, [...mine]).catch(() => {});
  }, beatMs).unref();
  return {
    follow: (methods) => ({
      ...methods,
      async createRun(run: Parameters<Store['createRun']>[0]) {
        await methods.createRun(run);
        mine.add(run.id);
      },
      async finishRun(...args: Parameters<Store['finishRun']>) {
        await methods.finishRun(...args);
        mine.delete(args[0]);
      },
    }),
    stop: () => clearInterval(timer),
  };
}
