import { MitateError } from '../../errors/index.ts';

/** Addresses that are remembered; beyond it the oldest is forgotten. */
const mostAddresses = 10_000;

export interface FailureLimitOptions {
  /** Failures within a window. */
  max: number;
  windowS: number;
  /** Milliseconds that never go back. */
  now?: () => number;
}

/** Failures of an address, or of whoever else is counted. */
export class FailureLimit {
  readonly #max: number;
  readonly #windowS: number;
  readonly #now: () => number;
  readonly #failures = new Map<string, { count: number; endsAtMs: number }>();

  constructor({ max, windowS, now = () => performance.now() }: FailureLimitOptions) {
    this.#max = max;
    this.#windowS = windowS;
    this.#now = now;
  }

  /** Before a look-up, which counts as failed until it succeeds. @throws HTTP_RATE_LIMITED after the failures of a window */
  attempt(address: string): void {
    const found = this.#of(address);
    if (found && found.count >= this.#max) {
      const [max, windowS] = [this.#max, this.#windowS];
      const retryAfterS = Math.max(1, Math.ceil((found.endsAtMs - this.#now()) / 1000));
      throw new MitateError('HTTP_RATE_LIMITED', { max, windowS, retryAfterS });
    }
    this.#count(address, found);
  }

  succeeded(address: string): void {
    const found = this.#of(address);
    if (found) found.count--;
  }

  #count(address: string, found: { count: number } | undefined): void {
    if (found) found.count++;
    else this.#failures.set(address, { count: 1, endsAtMs: this.#now() + this.#windowS * 1000 });
    const [oldest] = this.#failures.keys();
    if (oldest !== undefined && this.#failures.size > mostAddresses) this.#failures.delete(oldest);
  }

  #of(address: string) {
    const found = this.#failures.get(address);
    if (found === undefined || found.endsAtMs > this.#now()) return found;
    this.#failures.delete(address);
    return undefined;
  }
}
