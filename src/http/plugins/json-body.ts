import type { FastifyInstance } from 'fastify';
import { readJson } from '../protocols/read-json.ts';

/** This scope accepts JSON only; an empty body is undefined. */
export function readJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, body.length === 0 ? undefined : readJson(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}
