import { z } from 'zod';
import { receiveRelease } from '../../actions/releases/receive.ts';
import { releaseDetails } from '../../actions/releases/releases.ts';
import { pageSchema } from '../../contracts/api/page.ts';
import {
  bringReleaseSchema,
  receivedReleaseSchema,
  releaseDetailsSchema,
  releasesQuerySchema,
} from '../../contracts/api/releases.ts';
import { storedReleaseSchema } from '../../contracts/release.ts';
import type { ApiContext } from '../context.ts';
import { pageBefore } from '../page.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { actorOf, requires } from '../principal.ts';

const tags = ['releases'];
/** A bundle of 4 MB, in base64, and what is told with it. */
export const releaseBodyLimit = 8 * 1024 * 1024;

/** Frozen pipelines. A release is code that runs with the worker's rights: it takes who may approve to bring one. */
export function releaseRoutes(app: ZodApp, { runQueue, storeOf }: ApiContext): void {
  app.get(
    '/api/v1/releases',
    {
      onRequest: requires('read'),
      schema: {
        tags,
        summary: 'Releases, newest first',
        querystring: releasesQuerySchema,
        response: { 200: pageSchema(storedReleaseSchema) },
      },
    },
    async (request) => {
      const { pipeline } = request.query;
      const { releases } = storeOf(request);
      return await pageBefore(
        request.query,
        (page) => releases.list({ ...(pipeline && { pipeline }), ...page }),
        ({ id }) => id,
      );
    },
  );

  app.get(
    '/api/v1/releases/:id',
    {
      onRequest: requires('read'),
      schema: {
        tags,
        summary: 'A release, and where it was brought',
        params: z.object({ id: z.string().max(160).describe('The beginning of it is enough; or "latest"') }),
        response: { 200: releaseDetailsSchema },
      },
    },
    async (request) => await releaseDetails(storeOf(request), request.params.id),
  );

  app.post(
    '/api/v1/releases',
    {
      onRequest: requires('approve'),
      bodyLimit: releaseBodyLimit,
      config: { audit: null },
      schema: {
        tags,
        summary: 'Bring a release here; a worker starts its run',
        body: bringReleaseSchema,
        response: { 201: receivedReleaseSchema },
      },
    },
    async (request, reply) => {
      const { bundle, ...told } = request.body;
      const actor = actorOf(request);
      const arrival = { ...told, bundle: Buffer.from(bundle, 'base64'), via: 'api', actor } as const;
      return await reply.code(201).send(await receiveRelease(storeOf(request), runQueue, arrival));
    },
  );
}
