import type { FastifyInstance } from 'fastify';
import { unstorableIn } from '../../codecs/storable-text.ts';
import { MitateError } from '../../errors/index.ts';

/** Of every route: path, query and web forms. `readJson` checks JSON, `readForm` multipart fields; HTTP has no NUL in headers. */
export function refuseUnstorableText(app: FastifyInstance): void {
  app.addHook('preValidation', (request, _reply, done) => {
    try {
      requireStorable(request.params, 'path');
      requireStorable(request.query, 'query');
      if (request.body instanceof URLSearchParams) requireStorable(Object.fromEntries(request.body), 'form');
      done();
    } catch (error) {
      done(error as Error);
    }
  });
}

/** @param where for the error: `query`, `The body` @throws REQUEST_TEXT_INVALID */
export function requireStorable(value: unknown, where: string): void {
  const found = unstorableIn(value);
  if (found === null) return;
  const { place, what } = found;
  throw new MitateError('REQUEST_TEXT_INVALID', { where: place === '' ? where : `${where}, ${place}`, what });
}
