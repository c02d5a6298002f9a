import fastifyRateLimit, { type FastifyRateLimitStore } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MitateError } from '../../errors/index.ts';

const windowMs = 60_000;

/** Required by `limitedPer`. */
export async function registerRateLimits(app: FastifyInstance): Promise<void> {
  await app.register(fastifyRateLimit, { global: false, timeWindow: windowMs, store: Windows });
}

/** Whoever is counted; beyond it the oldest is forgotten. */
const mostCounted = 10_000;

/** The package's own store goes by the machine's clock: set back by an hour, a window took an hour. */
class Windows implements FastifyRateLimitStore {
  readonly #counts = new Map<string, { current: number; endsAtMs: number }>();

  incr(key: string, done: Parameters<FastifyRateLimitStore['incr']>[1], timeWindowMs: number): void {
    const nowMs = performance.now();
    let count = this.#counts.get(key);
    if (count === undefined || count.endsAtMs <= nowMs) {
      count = { current: 0, endsAtMs: nowMs + timeWindowMs };
      this.#counts.delete(key);
      this.#counts.set(key, count);
    }
    const [oldest] = this.#counts.keys();
    if (oldest !== undefined && this.#counts.size > mostCounted) this.#counts.delete(oldest);
    done(null, { current: ++count.current, ttl: count.endsAtMs - nowMs });
  }

  child(): Windows {
    return new Windows();
  }
}

export interface RateLimit {
  max: number;
  by: (request: FastifyRequest) => string;
}

/** Counts a request. @throws HTTP_RATE_LIMITED beyond the limit, with `retryAfterS` */
export function limitedPer(app: FastifyInstance, { max, by }: RateLimit): (request: FastifyRequest) => Promise<void> {
  const count = app.createRateLimit({ max, timeWindow: windowMs, keyGenerator: by });
  return async (request) => {
    const limit = await count(request);
    if (limit.isAllowed || !limit.isExceeded) return;
    const retryAfterS = Math.max(1, limit.ttlInSeconds);
    throw new MitateError('HTTP_RATE_LIMITED', { max, windowS: windowMs / 1000, retryAfterS });
  };
}
