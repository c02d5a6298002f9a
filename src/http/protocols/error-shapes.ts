import type { FastifyInstance } from 'fastify';
import { type ErrorShape, errorBody, httpError, sendError } from '../plugins/errors.ts';
import { googleError } from './vertex/error.ts';

/** `{"error": "<text>"}`, as in the Open Inference Protocol and the v1 protocol of KServe and TensorFlow Serving. */
const asText: ErrorShape = (error, requestId) => {
  const { code, message, remedy } = errorBody(error, requestId).error;
  return { error: `${code}: ${message}${message.endsWith('.') ? '' : '.'} ${remedy}` };
};

/** In the shape of Google's APIs. */
const asGoogle: ErrorShape = (error, requestId) => googleError(errorBody(error, requestId), error.status);

export const sendErrorsAsText = (app: FastifyInstance): void => sendErrorsAs(app, asText);
export const sendErrorsAsGoogle = (app: FastifyInstance): void => sendErrorsAs(app, asGoogle);

function sendErrorsAs(app: FastifyInstance, shape: ErrorShape): void {
  app.setErrorHandler((thrown, request, reply) => sendError(httpError(thrown, request), request, reply, shape));
}

/** The first that matches; `/v1` is KServe's where it is not Vertex AI's. */
const shapes: readonly [below: RegExp, ErrorShape][] = [
  [/^\/v1(beta1)?\/(projects|publishers|locations)(?=[/:?]|$)/i, asGoogle],
  [/^\/v[12](?=[/:?]|$)/i, asText],
];

/** Of errors that no route sends. @param url path and query */
export function shapeBelow(url: string): ErrorShape {
  return shapes.find(([below]) => below.test(url))?.[1] ?? errorBody;
}
