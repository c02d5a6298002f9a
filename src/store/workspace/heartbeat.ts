import type { Database } from '../database/connect.ts';
import type { RunStore } from '../runs/contract.ts';
import { beat } from '../runs/repository.ts';

const beatMs = 15_000;
type RunEnds = Pick<RunStore, 'createRun' | 'finishRun'>;

export interface Heartbeat {
  follow<T extends RunEnds>(methods: T): T;
  stop(): void;
}

/** Renews the heartbeat of the active runs of this store, because other processes may use the same database. */
export function startHeartbeat(database: Database): Heartbeat {
  const mine = new Set<string>();
  const timer = setInterval(() => {
    // the next beat makes up for a missed one; queries report the cause
    if (mine.size > 0) beat(database, [...mine]).catch(() => {});
  }, beatMs).unref();
  return {
    follow: (methods) => ({
      ...methods,
      async createRun(...given: Parameters<RunStore['createRun']>) {
        await methods.createRun(...given);
        mine.add(given[0].id);
      },
      async finishRun(...args: Parameters<RunStore['finishRun']>) {
        await methods.finishRun(...args);
        mine.delete(args[0]);
      },
    }),
    stop: () => clearInterval(timer),
  };
}
