import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorBody } from '../../contracts/served-prediction.ts';
import { isMitateError, MitateError, toMitateError } from '../../errors/index.ts';

/** The body of an error response. */
export type ErrorShape = (error: MitateError, requestId: string) => object;

/** Every error is sent in one shape, with its status from the catalogue. */
export function handleErrors(app: FastifyInstance): void {
  app.setErrorHandler((thrown, request, reply) => sendError(httpError(thrown, request), request, reply));
}

/** @param shape third-party protocols have their own */
export function sendError(
  error: MitateError,
  request: FastifyRequest,
  reply: FastifyReply,
  shape: ErrorShape = errorBody,
): FastifyReply {
  if (error.code === 'INTERNAL') request.log.error({ err: error.cause ?? error }, 'unexpected error');
  const retryAfterS = error.details.retryAfterS;
  if (typeof retryAfterS === 'number') reply.header('retry-after', String(Math.ceil(retryAfterS)));
  if (error.status === 401) reply.header('www-authenticate', 'Bearer');
  // the rest of the body is not read: close the connection after the response
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
  // the thrown error may contain paths or settings: it is only logged, with the request id
  const { code, remedy } = error;
  return { error: { code, message: 'Unexpected error; see the server log.', remedy, details: {}, requestId } };
}

interface FastifyThrown {
  code?: string;
  message?: string;
  statusCode?: number;
  validation?: { instancePath?: string; message?: string }[];
  validationContext?: string;
}

/** Whatever a handler, a hook or Fastify throws, as a catalogue error. */
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
  const problems = issues.map(({ instancePath = '', message = 'invalid' }) => {
    const path = instancePath.split('/').filter(Boolean).join('.');
    return { where: path ? `${context} ${path}` : context, reason: message };
  });
  const [first = { where: context, reason: 'invalid' }] = problems;
  return new MitateError('HTTP_REQUEST_INVALID', { ...first, issues: problems.slice(0, 20) });
}
