import { MitateError } from '../../errors/index.ts';

export interface AdmissionOptions {
  /** Photos inside at once. */
  maxPhotos: number;
  /** Of the photos inside. */
  maxBytes: number;
  /** Longest predicted wait, milliseconds. */
  maxWaitMs: number;
  /** Photos that are worked on at once. */
  processes: number;
}

/** Weight of the newest interval: a change of speed shows within about 20 photos. */
const newest = 0.05;
/** Intervals count as at most so many times what is usual: one stall of 500 ms, a model that loads, must not refuse the next 100 photos. */
const longest = 4;
/** Before anything was measured: an ordinary photo's time in one process. */
const firstGuessMs = 10;
const forgetMs = 5_000;

/** Bounds what waits, by count, size and predicted wait: who would wait too long is told at once, and when to come back. */
export class Admission {
  #options: AdmissionOptions;
  #inside = 0;
  #bytes = 0;
  /** Between two photos that are done, while all processes are busy. */
  #intervalMs: number;
  #measuredAtMs = Number.NEGATIVE_INFINITY;
  #lastDoneMs: number | null = null;
  #isDraining = false;
  #emptied: (() => void)[] = [];

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#intervalMs = firstGuessMs / options.processes;
  }

  get inside(): number {
    return this.#inside;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /**
   * @param withinMs what is left of the request's deadline
   * @throws QUEUE_FULL, SERVICE_DRAINING
   */
  check(photos = 1, withinMs = Number.POSITIVE_INFINITY): void {
    if (this.#isDraining) throw new MitateError('SERVICE_DRAINING', {});
    // one request of many photos is taken by an empty service: it would never be
    if (this.#inside === 0) return;
    const { maxPhotos, maxBytes, maxWaitMs, processes } = this.#options;
    const waitMs = Math.max(0, this.#inside + 1 - processes) * this.#interval();
    const fits = this.#inside + photos <= maxPhotos && this.#bytes < maxBytes;
    if (fits && waitMs <= Math.min(maxWaitMs, withinMs)) return;
    const retryAfterS = Math.max(1, Math.ceil(waitMs / 1000));
    throw new MitateError('QUEUE_FULL', { waiting: this.#inside, waitMs: Math.ceil(waitMs), retryAfterS });
  }

  /** Takes the photos in; `check` is part of it. @throws QUEUE_FULL, SERVICE_DRAINING */
  enter(photos: number, bytes: number, withinMs?: number): void {
    this.check(photos, withinMs);
    this.add(photos, bytes);
  }

  /** More work for what is inside already: never refused, and others wait longer for it. */
  add(photos: number, bytes = 0): void {
    this.#inside += photos;
    this.#bytes += bytes;
  }

  /** They are done with, well or not. */
  leave(photos: number, bytes = 0): void {
    this.#inside -= photos;
    this.#bytes -= bytes;
    this.#measure(photos, performance.now());
    if (this.#inside === 0) for (const resolve of this.#emptied.splice(0)) resolve();
  }

  /** From now on nothing is taken in; resolves once nothing is inside. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    if (this.#inside > 0) await new Promise<void>((resolve) => this.#emptied.push(resolve));
  }

  /** A speed from long ago is no speed: photos of 500 ms each would keep the queue short for ever, and a short queue is not measured. */
  #interval(): number {
    if (performance.now() - this.#measuredAtMs > forgetMs) this.#intervalMs = firstGuessMs / this.#options.processes;
    return this.#intervalMs;
  }

  #measure(photos: number, nowMs: number): void {
    if (this.#lastDoneMs !== null) {
      const interval = Math.min((nowMs - this.#lastDoneMs) / photos, longest * this.#intervalMs);
      this.#intervalMs += newest * (interval - this.#intervalMs);
      this.#measuredAtMs = nowMs;
    }
    // the time until the next one counts only if no process will be idle in it
    this.#lastDoneMs = this.#inside >= this.#options.processes ? nowMs : null;
  }
}
