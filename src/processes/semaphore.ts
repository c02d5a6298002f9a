import { MitateError } from '../errors/index.ts';

/** Runs at most `permits` tasks at once; the rest wait in order of arrival. */
export class Semaphore {
  #free: number;
  readonly #mostWaiting: number;
  #waiting: (() => void)[] = [];

  /** @param mostWaiting default: without limit */
  constructor(permits: number, mostWaiting = Number.POSITIVE_INFINITY) {
    this.#free = permits;
    this.#mostWaiting = mostWaiting;
  }

  /** @throws SERVER_BUSY when too many wait */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else if (this.#waiting.length >= this.#mostWaiting)
      throw new MitateError('SERVER_BUSY', { waiting: this.#mostWaiting, retryAfterS });
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}

const retryAfterS = 10;
