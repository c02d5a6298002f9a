import type { FastifyInstance } from 'fastify';
import { readJson } from '../protocols/read-json.ts';

/** JSON and nothing else is read in this scope; an empty body is no body. */
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
