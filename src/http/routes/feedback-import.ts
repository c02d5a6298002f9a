import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyInstance } from 'fastify';
import { importFeedback } from '../../actions/feedback/import.ts';
import { feedbackRoutes } from '../../contracts/api/routes/feedback.ts';
import { MitateError } from '../../errors/index.ts';
import { fileError } from '../../store/workspace/file-error.ts';
import { addRoutes } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { untilDisconnected } from '../protocols/service-request.ts';

const limitBytes = feedbackRoutes['feedback.import'].bodyLimitBytes;
/** A batch of 1,000 keeps other requests waiting for 20 ms. */
const rowsAtOnce = 200;

/** A CSV file of feedback as the body. */
export async function feedbackImport(app: FastifyInstance, context: ApiContext): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('text/csv', (_request, body, done) => done(null, body));
  addRoutes(app, context, {
    'feedback.import': async ({ store, actor, now, request, reply }) => {
      const file = join(store.workspace.cache, 'imports', `${randomUUID()}.csv`);
      try {
        await keep(request.body as Readable | undefined, file);
        const from = { actor, now, name: 'the body', atOnce: rowsAtOnce, signal: untilDisconnected(reply) };
        return await importFeedback(store, file, from);
      } finally {
        await rm(file, { force: true });
      }
    },
  });
}

/** On disk first: its digest shows whether a file was imported before. @throws HTTP_BODY_TOO_LARGE, HTTP_REQUEST_INVALID */
async function keep(body: Readable | undefined, file: string): Promise<void> {
  if (!body) throw new MitateError('HTTP_REQUEST_INVALID', { where: 'body', reason: 'it is empty; send text/csv' });
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
