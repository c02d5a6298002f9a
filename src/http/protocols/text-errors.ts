import type { FastifyInstance } from 'fastify';
import type { MitateError } from '../../errors/index.ts';
import { errorBody, httpError, sendError } from '../plugins/errors.ts';

/** `{"error": "<text>"}`, as the Open Inference Protocol and the v1 protocol of KServe and TensorFlow Serving say. */
export function answerErrorsAsText(app: FastifyInstance): void {
  app.setErrorHandler((thrown, request, reply) => sendError(httpError(thrown, request), request, reply, textBody));
}

function textBody(thrown: MitateError, requestId: string): { error: string } {
  const { error } = errorBody(thrown, requestId);
  const { code, message, remedy } = error;
  return { error: `${code}: ${message}${message.endsWith('.') ? '' : '.'} ${remedy}` };
}
