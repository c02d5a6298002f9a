import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

/** ETags for GET responses, by digest unless the handler gave one; `If-None-Match` gets a 304. */
export function addEtags(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (request.method !== 'GET' || reply.statusCode !== 200) return payload;
    const given = reply.getHeader('etag');
    if (typeof given !== 'string' && typeof payload !== 'string') return payload;
    const etag = typeof given === 'string' ? given : etagOf(payload as string);
    if (given === undefined) reply.header('etag', etag).header('cache-control', 'private, no-cache');
    if (!matches(request.headers['if-none-match'], etag)) return payload;
    reply.code(304);
    return null;
  });
}

/** Of a text: its digest. */
export const etagOf = (text: string) => `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === etag);
}
