import type { StepProgress } from '../../contracts/run.ts';

/** The rate is that of the last 10 s: long enough to be stable, short enough to follow a change. */
const windowMs = 10_000;
/** At most ten reports per second reach the listener. */
const intervalMs = 100;

/** Computes rate and time left from a component's counts. */
export class ProgressMeter {
  #samples: { at: number; done: number }[] = [];
  #unit = '';
  #reported = Number.NEGATIVE_INFINITY;
  readonly #clock: () => number;

  /** @param clock milliseconds, monotonic */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** Null = too soon after the last report. A finished count is always reported. */
  update(done: number, total: number, unit: string): StepProgress | null {
    const at = this.#clock();
    this.#note(at, done, unit);
    const isEnd = total > 0 && done >= total;
    if (!isEnd && at - this.#reported < intervalMs) return null;
    this.#reported = at;
    const rate = this.#rate();
    return { done, total, unit, rate, secondsLeft: rate && total > 0 ? Math.max(0, total - done) / rate : null };
  }

  /** A lower count or another unit starts a new phase. */
  #note(at: number, done: number, unit: string): void {
    const last = this.#samples.at(-1);
    if (unit !== this.#unit || (last && done < last.done)) this.#samples = [];
    this.#unit = unit;
    this.#samples.push({ at, done });
    while (this.#samples.length > 2 && (this.#samples[0]?.at ?? at) < at - windowMs) this.#samples.shift();
  }

  #rate(): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.at - first.at < intervalMs || last.done === first.done) return null;
    return ((last.done - first.done) * 1000) / (last.at - first.at);
  }
}
