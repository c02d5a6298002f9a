import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyInstance } from 'fastify';
import { importFeedback } from '../../actions/feedback/import.ts';
import { importedFeedbackSchema } from '../../contracts/api/feedback.ts';
import { MitateError } from '../../errors/index.ts';
import { fileError } from '../../store/workspace/file-error.ts';
import type { ApiContext } from '../context.ts';
import { withZod } from '../plugins/zod.ts';
import { actorOf, requires } from '../principal.ts';

/** Two million rows with a label each. */
const limitBytes = 128 * 1024 * 1024;
/** A batch of 1,000 keeps other requests waiting for 20 ms. */
const rowsAtOnce = 200;

/** A CSV file of feedback as the body. */
export async function feedbackImportRoutes(scope: FastifyInstance, { storeOf }: ApiContext): Promise<void> {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('text/csv', (_request, body, done) => done(null, body));
  const app = withZod(scope);
  app.post(
    '/api/v1/feedback/import',
    {
      onRequest: requires('label'),
      bodyLimit: limitBytes,
      config: { audit: null },
      schema: {
        tags: ['feedback'],
        summary: 'Take a CSV file: request_id, and label, verdict or event (with value)',
        description:
          'Body: text/csv in UTF-8, up to 128 MiB. Each row counts by itself; bad ones are reported. The very same file again adds nothing.',
        consumes: ['text/csv'],
        response: { 200: importedFeedbackSchema },
      },
    },
    async (request, reply) => {
      const store = storeOf(request);
      const file = join(store.workspace.cache, 'imports', `${randomUUID()}.csv`);
      const gone = new AbortController();
      reply.raw.once('close', () => reply.raw.writableEnded || gone.abort());
      try {
        await keep(request.body as Readable | undefined, file);
        const asked = {
          actor: actorOf(request),
          now: new Date(),
          name: 'the body',
          atOnce: rowsAtOnce,
          signal: gone.signal,
        };
        const { firstRefused, ...counts } = await importFeedback(store, file, asked);
        return { ...counts, firstRefused };
      } finally {
        await rm(file, { force: true });
      }
    },
  );
}

/** On disk first: its digest is what tells that a file comes again. @throws HTTP_BODY_TOO_LARGE, HTTP_REQUEST_INVALID */
async function keep(body: Readable | undefined, file: string): Promise<void> {
  if (!body) throw new MitateError('HTTP_REQUEST_INVALID', { where: 'body', reason: 'there is none; send text/csv' });
  let sizeBytes = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      done(sizeBytes > limitBytes ? new MitateError('HTTP_BODY_TOO_LARGE', { limitBytes }) : null, chunk);
    },
  });
  await mkdir(join(file, '..'), { recursive: true });
  await pipeline(body, limit, createWriteStream(file)).catch((error) => {
    throw fileError(error, file);
  });
}
