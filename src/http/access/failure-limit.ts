import { MitateError } from '../../errors/index.ts';

const max = 120;
const windowS = 60;
/** Addresses that are remembered; beyond it the oldest is forgotten. */
const mostAddresses = 10_000;

/** Unknown keys and sessions that an address sent, each of which costs a query. Keys and sessions that are known are never counted, nor refused. */
export class FailureLimit {
  readonly #now: () => number;
  readonly #failures = new Map<string, { count: number; endsAtMs: number }>();

  /** @param now milliseconds that never go back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Before a look-up, which counts as failed until it succeeds. @throws HTTP_RATE_LIMITED after 120 failures within a minute */
  attempt(address: string): void {
    const found = this.#of(address);
    if (found && found.count >= max) {
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
    else this.#failures.set(address, { count: 1, endsAtMs: this.#now() + windowS * 1000 });
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
