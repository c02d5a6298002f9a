import type { FastifyInstance } from 'fastify';
import { errorBody, httpError, sendError } from '../plugins/errors.ts';
import { googleError } from './vertex/error.ts';

/** `{"error": "<text>"}`, as in the Open Inference Protocol and the v1 protocol of KServe and TensorFlow Serving. */
export function sendErrorsAsText(app: FastifyInstance): void {
  app.setErrorHandler((thrown, request, reply) =>
    sendError(httpError(thrown, request), request, reply, (error, requestId) => {
      const { code, message, remedy } = errorBody(error, requestId).error;
      return { error: `${code}: ${message}${message.endsWith('.') ? '' : '.'} ${remedy}` };
    }),
  );
}

export function sendErrorsAsGoogle(app: FastifyInstance): void {
  app.setErrorHandler((thrown, request, reply) =>
    sendError(httpError(thrown, request), request, reply, (error, requestId) =>
      googleError(errorBody(error, requestId), error.status),
    ),
  );
}
