import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MitateError } from '../../errors/index.ts';
import { shapeBelow } from '../protocols/error-shapes.ts';
import { sendError } from './errors.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** 404 and 405, below the path of a protocol in its own shape: its clients fail on any other. */
export function refuseUnknownRoutes(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) =>
    sendError(unknownRoute(app, request, reply), request, reply, shapeBelow(request.url)),
  );
}

function unknownRoute(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply): MitateError {
  const [path = ''] = request.url.split('?', 1);
  const { method } = request;
  const allowed = allowedMethods(app, path).join(', ');
  if (allowed === '') return new MitateError('HTTP_ROUTE_UNKNOWN', { method, path: path.slice(0, 200) });
  reply.header('allow', allowed);
  return new MitateError('HTTP_METHOD_UNKNOWN', { method, path: path.slice(0, 200), allowed });
}

/** Methods with a route at the path. The files of a page are below `*`, which is every path. */
function allowedMethods(app: FastifyInstance, path: string): string[] {
  return methods.filter((method) => {
    const found = app.findRoute({ method, url: path });
    return found !== null && !('*' in found.params);
  });
}
