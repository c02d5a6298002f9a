import type { onRequestHookHandler } from 'fastify';
import { paths } from '../../contracts/api/paths.ts';
import type { Route } from '../../contracts/api/route.ts';

/** Headers of a deprecated path: since when (RFC 9745), and its successor (RFC 5829) with the values of this request. */
export function pointsToSuccessor({ since, successor }: NonNullable<Route['deprecated']>): onRequestHookHandler {
  const deprecation = `@${Date.parse(since) / 1000}`;
  const [, path = ''] = paths[successor].split(' ');
  return async (request, reply) => {
    const values = request.params as Record<string, string>;
    const target = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
    reply.headers({ deprecation, link: `<${target}>; rel="successor-version"` });
  };
}
