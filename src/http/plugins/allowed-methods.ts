import type { FastifyInstance } from 'fastify';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Methods that have a route at the URL; none = nothing answers there. */
export function allowedMethods(app: FastifyInstance, url: string): string[] {
  const path = url.split('?', 1)[0]!;
  return methods.filter((method) => app.findRoute({ method, url: path }) !== null);
}
