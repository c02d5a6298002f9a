import { setTimeout as sleep } from 'node:timers/promises';
import { isMitateError, MitateError } from '../errors/index.ts';

const tries = 5;
/** Before the second try; doubles each time. Half of it is random, so that clients do not retry at once. */
const firstPauseMs = 200;
/** Longest `Retry-After` that is waited for. */
const longestPauseMs = 30_000;
/** One try without its body. */
const timeoutMs = 60_000;
/** Slowest transfer of a body: 1 MiB/s. */
const bytesPerMs = 1_048;

/** Thrown when a retry may help. */
export class Retryable extends Error {
  /** What the other side asks for; 0 = nothing. */
  readonly pauseMs: number;

  constructor(message: string, pauseMs = 0) {
    super(message);
    this.pauseMs = pauseMs;
  }
}

/** Thrown for a response that a retry may better: throttled, or an error of the server. */
export function requireSettled({ status, headers }: Response): void {
  if (status < 500 && status !== 429 && status !== 408) return;
  const seconds = Number(headers.get('retry-after') ?? 0);
  throw new Retryable(`the storage answered ${status}`, seconds > 0 ? Math.min(seconds * 1000, longestPauseMs) : 0);
}

/**
 * A request to storage; tried again when `attempt` throws what is no catalogue error: throttled, the connection breaks, the body ends early.
 * @throws BUCKET_UNREACHABLE, CANCELLED, and the catalogue errors of `attempt`
 */
export async function retried<T>(
  place: string,
  attempt: (tried: number) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let tried = 1; ; tried++) {
    let asked = 0;
    try {
      return await attempt(tried);
    } catch (error) {
      if (signal?.aborted) throw new MitateError('CANCELLED', {});
      if (isMitateError(error)) throw error;
      if (tried === tries)
        throw new MitateError('BUCKET_UNREACHABLE', { place, reason: reasonOf(error), tries }, { cause: error });
      if (error instanceof Retryable) asked = error.pauseMs;
    }
    const pauseMs = Math.max(asked, firstPauseMs * 2 ** (tried - 1) * (1 - Math.random() / 2));
    await sleep(pauseMs, undefined, { ...(signal && { signal }) }).catch(() => {
      throw new MitateError('CANCELLED', {});
    });
  }
}

/** Of one try, body included. */
export function timeLimit(bodyBytes: number, signal: AbortSignal | undefined): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs + Math.ceil(bodyBytes / bytesPerMs));
  return signal ? AbortSignal.any([timeout, signal]) : timeout;
}

/** fetch's reason is in the cause. */
function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return 'no answer in time';
  return cause instanceof Error && cause.message ? cause.message : ((cause as { code?: string })?.code ?? message);
}

/** Minutes by which this machine's clock is ahead of the sender's. */
export function minutesAhead({ headers }: Response): number {
  return Math.round((Date.now() - Date.parse(headers.get('date') ?? '')) / 60_000);
}
