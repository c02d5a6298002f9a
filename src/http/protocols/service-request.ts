import type { FastifyReply, FastifyRequest } from 'fastify';
import { sha256 } from '../../codecs/digest.ts';
import { MitateError } from '../../errors/index.ts';
import type { ServiceRequest } from '../../serving/service.ts';
import { requireStorable } from '../plugins/storable-text.ts';
import { arrivalOf } from './guards.ts';
import { readJson } from './read-json.ts';
import { type Attributes, contentDigest, type RequestContent, readAttributes, readSubject } from './request-content.ts';

export interface ProtocolInput {
  protocol: ServiceRequest['protocol'];
  endpoint: string | null;
  /** `predict` or `explain`: the same photo and idempotency key is a different request. */
  verb: string;
  content: RequestContent;
}

/**
 * Request to the service, from the body's content and the headers that all protocols share
 * (`X-Mitate-Key`, `Idempotency-Key`, `X-Mitate-Attributes`, `X-Mitate-Subject`).
 *
 * @throws REQUEST_HEADER_INVALID, REQUEST_JSON_INVALID, REQUEST_SHAPE_INVALID
 */
export function serviceRequest(request: FastifyRequest, reply: FastifyReply, input: ProtocolInput): ServiceRequest {
  const { protocol, endpoint, verb } = input;
  const attributes = mergeAttributes(headerOf(request, 'x-mitate-attributes', 8192), input.content.attributes);
  const subject = input.content.subject ?? subjectIn(headerOf(request, 'x-mitate-subject', 1_200));
  const content = { ...input.content, attributes, subject };
  const key = headerOf(request, 'idempotency-key', 255);
  return {
    principal: request.principal,
    endpoint,
    requestId: request.id,
    protocol,
    images: content.images,
    assignmentKey: headerOf(request, 'x-mitate-key', 255),
    idempotency:
      key === undefined
        ? undefined
        : { key: ownKey(key, request), bodyDigest: contentDigest(content, endpoint ?? '', verb) },
    attributes,
    subject,
    arrivedAtMs: arrivalOf(request),
    signal: untilDisconnected(reply),
  };
}

/** Anonymous callers have a space of keys per address, of which the log holds 16 bits. */
function ownKey(key: string, { principal, ip }: FastifyRequest): string {
  return principal.kind === 'anonymous' ? `${key}@${sha256(ip).slice(0, 4)}` : key;
}

function mergeAttributes(header: string | undefined, inBody: Attributes | undefined): Attributes | undefined {
  if (header === undefined) return inBody;
  const where = 'Header X-Mitate-Attributes';
  return { ...readAttributes(readJson(Buffer.from(header), where), where), ...inBody };
}

/** Percent-encoded, since it may be in any script. */
function subjectIn(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const where = 'Header X-Mitate-Subject';
  let subject: string;
  try {
    subject = decodeURIComponent(header);
  } catch {
    throw new MitateError('REQUEST_SHAPE_INVALID', { where, expected: 'percent-encoded UTF-8', got: header });
  }
  requireStorable(subject, where);
  return readSubject(subject);
}

function headerOf(request: FastifyRequest, name: string, longest: number): string | undefined {
  const value = request.headers[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value.length > 0 && value.length <= longest) return value;
  const got = typeof value === 'string' ? `${value.length} characters` : 'several';
  throw new MitateError('REQUEST_HEADER_INVALID', { name, expected: `1 to ${longest} characters, once`, got });
}

/** Aborts when the client disconnects before the response. */
export function untilDisconnected(reply: FastifyReply): AbortSignal {
  const disconnected = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) disconnected.abort();
  });
  return disconnected.signal;
}
