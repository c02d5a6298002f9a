import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorBody } from '../../contracts/served-prediction.ts';
import { isMitateError, MitateError, toMitateError } from '../../errors/index.ts';
import { allowedMethods } from './allowed-methods.ts';

/** Everything that goes wrong is answered in the one shape, with its status from the catalogue. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((thrown, request, reply) => sendError(httpError(thrown, request), request, reply));
  app.setNotFoundHandler((request, reply) => sendError(nothingThere(app, request, reply), request, reply));
}

/** @param shape of the body; protocols of others have their own */
export function sendError(
  error: MitateError,
  request: FastifyRequest,
  reply: FastifyReply,
  shape: (error: MitateError, requestId: string) => object = errorBody,
): FastifyReply {
  if (error.code === 'INTERNAL') request.log.error({ err: error.cause ?? error }, 'unexpected error');
  const retryAfterS = error.details.retryAfterS;
  if (typeof retryAfterS === 'number') reply.header('retry-after', String(Math.ceil(retryAfterS)));
  if (error.status === 401) reply.header('www-authenticate', 'Bearer');
  // what is left of the body is not read: the connection ends with the answer
  if (!request.raw.complete) reply.header('connection', 'close');
  return reply
    .code(error.status)
    .header('cache-control', 'no-store')
    .header('x-request-id', request.id)
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(shape(error, request.id));
}

export function errorBody(error: MitateError, requestId: string): ErrorBody {
  if (error.code !== 'INTERNAL') return { error: { ...error.toJSON(), requestId } };
  // what was thrown may name paths or settings: it is in the log, under the request's id
  const { code, remedy } = error;
  return { error: { code, message: 'Unexpected error; the log says which.', remedy, details: {}, requestId } };
}

interface FastifyThrown {
  code?: string;
  message?: string;
  statusCode?: number;
  validation?: { instancePath?: string; message?: string }[];
  validationContext?: string;
}

/** Any throw of a handler, a hook or Fastify as a catalogue error. */
export function httpError(thrown: unknown, request: FastifyRequest): MitateError {
  if (isMitateError(thrown)) return thrown;
  const { code, validation, validationContext, message = '', statusCode } = (thrown ?? {}) as FastifyThrown;
  if (validation) return invalidRequest(validation, validationContext ?? 'body');
  const limitBytes = request.routeOptions.bodyLimit ?? 0;
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new MitateError('HTTP_BODY_TOO_LARGE', { limitBytes });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new MitateError('HTTP_BODY_TYPE_UNKNOWN', { type: request.headers['content-type'] ?? '' });
    case 'FST_ERR_BAD_URL':
      return new MitateError('HTTP_REQUEST_INVALID', { where: 'path', reason: 'it is not a well-formed URL' });
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new MitateError('HTTP_REQUEST_INVALID', { where: 'body', reason: message });
  return toMitateError(thrown);
}

function invalidRequest(issues: NonNullable<FastifyThrown['validation']>, context: string): MitateError {
  const said = issues.map(({ instancePath = '', message = 'invalid' }) => {
    const path = instancePath.split('/').filter(Boolean).join('.');
    return { where: path ? `${context} ${path}` : context, reason: message };
  });
  return new MitateError('HTTP_REQUEST_INVALID', { ...said[0]!, issues: said.slice(0, 20) });
}

function nothingThere(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply): MitateError {
  const path = request.url.split('?', 1)[0]!.slice(0, 200);
  const { method } = request;
  const allowed = allowedMethods(app, request.url).join(', ');
  if (allowed === '') return new MitateError('HTTP_ROUTE_UNKNOWN', { method, path });
  reply.header('allow', allowed);
  return new MitateError('HTTP_METHOD_UNKNOWN', { method, path, allowed });
}
