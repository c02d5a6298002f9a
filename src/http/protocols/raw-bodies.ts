import { promisify } from 'node:util';
import { gunzip, inflate, type ZlibOptions } from 'node:zlib';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MitateError } from '../../errors/index.ts';

/** 20 MB: a 50-megapixel JPEG; as base64 a 37-megapixel one. */
export const photoBodyLimit = 20 * 1024 * 1024;

/** Bodies arrive decompressed and unparsed, whatever their type: each protocol parses its own, with its own limits. */
export function keepRawBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: photoBodyLimit },
    async (request: FastifyRequest, body: Buffer) => expand(body, request.headers['content-encoding'] ?? 'identity'),
  );
}

const expanders = new Map<string, (body: Buffer, options: ZlibOptions) => Promise<Buffer>>([
  ['gzip', promisify(gunzip)],
  // the same (RFC 9110, 8.4.1.3)
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
]);

/** Off the event loop, up to the body limit. @throws REQUEST_ENCODING_*, HTTP_BODY_TOO_LARGE */
async function expand(body: Buffer, encoding: string): Promise<Buffer> {
  const names = encoding.toLowerCase().split(',');
  const [name, ...more] = names.map((each) => each.trim()).filter((each) => each !== 'identity' && each !== '');
  if (name === undefined) return body;
  const expander = more.length === 0 ? expanders.get(name) : undefined;
  if (!expander) throw new MitateError('REQUEST_ENCODING_UNSUPPORTED', { got: encoding.slice(0, 40) });
  try {
    return await expander(body, { maxOutputLength: photoBodyLimit });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new MitateError('HTTP_BODY_TOO_LARGE', { limitBytes: photoBodyLimit });
    throw new MitateError('REQUEST_ENCODING_BROKEN', { encoding: name, reason: message });
  }
}

/** Empty if the request has no body. */
export function bodyOf(request: FastifyRequest): Uint8Array {
  return request.body instanceof Uint8Array ? request.body : new Uint8Array(0);
}
