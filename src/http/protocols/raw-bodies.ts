import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MitateError } from '../../errors/index.ts';

/** 20 MB: a 50-megapixel JPEG; as base64 a 37-megapixel one. */
export const photoBodyLimit = 20 * 1024 * 1024;

/** Bodies arrive as they are, of any type or none: each protocol reads its own, with its own limits. */
export function takeRawBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: photoBodyLimit }, (request, body, done) => {
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding.toLowerCase() === 'identity') done(null, body);
    else done(new MitateError('REQUEST_ENCODING_UNSUPPORTED', { got: encoding.slice(0, 40) }));
  });
}

/** Of a request without a body: none. */
export function bodyOf(request: FastifyRequest): Uint8Array {
  return request.body instanceof Uint8Array ? request.body : new Uint8Array(0);
}
