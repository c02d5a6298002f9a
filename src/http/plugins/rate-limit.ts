import fastifyRateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MitateError } from '../../errors/index.ts';

const windowMs = 60_000;

/** Required by `limitedPer`. */
export async function registerRateLimits(app: FastifyInstance): Promise<void> {
  await app.register(fastifyRateLimit, { global: false, timeWindow: windowMs, cache: 10_000 });
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
