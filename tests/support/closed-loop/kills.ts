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

  /**
   * Pauses of a quarter to one and a half times what a whole run takes on this machine, each a tenth longer than the one before: a run must get
   * through a step between two, and one that dies eleven times is given up.
   */
  readonly go = async (driven: ClosedLoop, over: AbortSignal): Promise<void> => {
    for (;;) {
      const pauseMs = driven.runMs * this.#random.range(0.25, 1.5) * 1.1 ** this.count;
      await sleep(pauseMs, undefined, { signal: over }).catch(() => {});
      if (over.aborted) return;
      await driven.kill(this.#random.pick(['server', 'worker']));
      this.count++;
    }
  };
}
