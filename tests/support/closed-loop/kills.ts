import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../../src/math/stats/random.ts';
import type { ClosedLoop } from './drive.ts';

/** Kills the server or its worker at random moments, and counts. */
export class Kills {
  count = 0;
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(`kills:${seed}`);
  }

  /** One every 8 to 40 seconds, and each a tenth later than the one before: a slow machine must get through a step between two. */
  readonly go = async (driven: ClosedLoop, over: AbortSignal): Promise<void> => {
    for (;;) {
      const pauseMs = this.#random.range(8_000, 40_000) * 1.1 ** this.count;
      await sleep(pauseMs, undefined, { signal: over }).catch(() => {});
      if (over.aborted) return;
      await driven.kill(this.#random.pick(['server', 'worker']));
      this.count++;
    }
  };
}
