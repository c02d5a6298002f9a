import { MitateError } from '../../errors/index.ts';

export interface AdmissionOptions {
  maxPhotos: number;
  /** Bytes of the photos in flight. */
  maxBytes: number;
  /** Longest predicted wait, milliseconds. */
  maxWaitMs: number;
  /** Photos that run at once. */
  processes: number;
}

/** Weight of the newest interval in the moving average: a change of speed shows within about 20 photos. */
const newest = 0.05;
/** Intervals are clipped at so many times the average: one stall of 500 ms (a model load) must not refuse the next 100 photos. */
const longest = 4;
/** Assumed time of a photo in one process, before anything was measured. */
const firstGuessMs = 10;
const forgetMs = 5_000;

/** Bounds the queue by count, bytes and predicted wait. A refusal is immediate and says when to retry. */
export class Admission {
  #options: AdmissionOptions;
  #inside = 0;
  #bytes = 0;
  /** Mean time between two finished photos while all processes are busy. */
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
   * @param withinMs time left until the request's deadline
   * @throws QUEUE_FULL, SERVICE_DRAINING
   */
  check(photos = 1, withinMs = Number.POSITIVE_INFINITY): void {
    if (this.#isDraining) throw new MitateError('SERVICE_DRAINING', {});
    // An empty service takes a request of any size; it would never fit otherwise.
    if (this.#inside === 0) return;
    const { maxPhotos, maxBytes, maxWaitMs, processes } = this.#options;
    const waitMs = Math.max(0, this.#inside + 1 - processes) * this.#interval();
    const fits = this.#inside + photos <= maxPhotos && this.#bytes < maxBytes;
    if (fits && waitMs <= Math.min(maxWaitMs, withinMs)) return;
    const retryAfterS = Math.max(1, Math.ceil(waitMs / 1000));
    throw new MitateError('QUEUE_FULL', { waiting: this.#inside, waitMs: Math.ceil(waitMs), retryAfterS });
  }

  /** Admits photos after `check`. @throws QUEUE_FULL, SERVICE_DRAINING */
  enter(photos: number, bytes: number, withinMs?: number): void {
    this.check(photos, withinMs);
    this.add(photos, bytes);
  }

  /** More work for admitted photos: never refused, but counted in the predicted wait. */
  add(photos: number, bytes = 0): void {
    this.#inside += photos;
    this.#bytes += bytes;
  }

  /** Called when photos finished or failed. */
  leave(photos: number, bytes = 0): void {
    this.#inside -= photos;
    this.#bytes -= bytes;
    this.#measure(photos, performance.now());
    if (this.#inside === 0) for (const resolve of this.#emptied.splice(0)) resolve();
  }

  /** Refuses new photos; resolves once none are in flight. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    if (this.#inside > 0) await new Promise<void>((resolve) => this.#emptied.push(resolve));
  }

  /** An old measurement expires: after photos of 500 ms each the queue would stay short, and a short queue is never measured. */
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
    // The next interval counts only if no process is idle in it.
    this.#lastDoneMs = this.#inside >= this.#options.processes ? nowMs : null;
  }
}
