import type { FastifyReply, FastifyRequest } from 'fastify';
import { MitateError } from '../../errors/index.ts';
import type { ServiceRequest } from '../../serving/service.ts';
import { arrivalOf } from './answers-from.ts';
import { readJson } from './read-json.ts';
import { type Attributes, contentDigest, type RequestContent, readAttributes } from './request-content.ts';

export interface Asked {
  protocol: ServiceRequest['protocol'];
  endpoint: string | null;
  /** `predict`, `explain`: the same photo under the same key is another question. */
  verb: string;
  content: RequestContent;
}

/**
 * What the service is asked: the body's content, and the headers that mean the same in every protocol
 * (`X-Mitate-Key`, `Idempotency-Key`, `X-Mitate-Attributes`).
 *
 * @throws REQUEST_HEADER_INVALID, REQUEST_JSON_INVALID, REQUEST_SHAPE_INVALID
 */
export function serviceRequest(request: FastifyRequest, reply: FastifyReply, asked: Asked): ServiceRequest {
  const { protocol, endpoint, verb } = asked;
  const attributes = mergeAttributes(headerOf(request, 'x-mitate-attributes', 8192), asked.content.attributes);
  const content = { ...asked.content, attributes };
  const key = headerOf(request, 'idempotency-key', 255);
  return {
    principal: request.principal,
    endpoint,
    requestId: request.id,
    protocol,
    images: content.images,
    assignmentKey: headerOf(request, 'x-mitate-key', 255),
    idempotency: key === undefined ? undefined : { key, bodyDigest: contentDigest(content, endpoint ?? '', verb) },
    attributes,
    arrivedAtMs: arrivalOf(request),
    signal: untilGone(reply),
  };
}

function mergeAttributes(header: string | undefined, inBody: Attributes | undefined): Attributes | undefined {
  if (header === undefined) return inBody;
  const where = 'Header X-Mitate-Attributes';
  return { ...readAttributes(readJson(Buffer.from(header), where), where), ...inBody };
}

function headerOf(request: FastifyRequest, name: string, longest: number): string | undefined {
  const value = request.headers[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value.length > 0 && value.length <= longest) return value;
  const got = typeof value === 'string' ? `${value.length} characters` : 'several';
  throw new MitateError('REQUEST_HEADER_INVALID', { name, expected: `1 to ${longest} characters, once`, got });
}

/** Aborts when the client hangs up before it was answered. */
function untilGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
