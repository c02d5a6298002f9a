import { z } from 'zod';
import { requestCancel, runDetails } from '../../actions/runs/runs.ts';
import { pageSchema } from '../../contracts/api/page.ts';
import { artifactsQuerySchema, runDetailsSchema, runSchema, runsQuerySchema } from '../../contracts/api/runs.ts';
import { storedArtifactSchema } from '../../contracts/artifact.ts';
import { MitateError } from '../../errors/index.ts';
import type { ApiContext } from '../context.ts';
import { pageBefore } from '../page.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { actorOf, requires } from '../principal.ts';

const tags = ['runs'];
const byId = z.object({ id: z.string().max(128).describe('The beginning of it is enough; or "latest"') });

export function runRoutes(app: ZodApp, { storeOf }: ApiContext): void {
  app.get(
    '/api/v1/runs',
    {
      onRequest: requires('read'),
      schema: {
        tags,
        summary: 'Runs, newest first',
        querystring: runsQuerySchema,
        response: { 200: pageSchema(runSchema) },
      },
    },
    async (request) => {
      const { pipeline, state } = request.query;
      const filter = { ...(pipeline && { pipeline }), ...(state && { state }) };
      const store = storeOf(request);
      return await pageBefore(
        request.query,
        (page) => store.listRuns({ ...filter, ...page }),
        ({ id }) => id,
      );
    },
  );

  app.get(
    '/api/v1/runs/:id',
    {
      onRequest: requires('read'),
      schema: { tags, summary: 'A run with its steps', params: byId, response: { 200: runDetailsSchema } },
    },
    async (request) => await runDetails(storeOf(request), request.params.id),
  );

  app.post(
    '/api/v1/runs/:id(^[^:/]+)::cancel',
    {
      onRequest: requires('operate'),
      config: { audit: null },
      schema: { tags, summary: 'Ask a running run to stop', params: byId, response: { 200: runSchema } },
    },
    async (request) => await requestCancel(storeOf(request), request.params.id, actorOf(request)),
  );

  app.get(
    '/api/v1/artifacts',
    {
      onRequest: requires('read'),
      schema: {
        tags: ['lineage'],
        summary: 'Artifacts, newest first',
        querystring: artifactsQuerySchema,
        response: { 200: pageSchema(storedArtifactSchema) },
      },
    },
    async (request) => {
      const { pipeline, type, runId } = request.query;
      const filter = { ...(pipeline && { pipeline }), ...(type && { type }), ...(runId && { runId }) };
      const store = storeOf(request);
      return await pageBefore(
        request.query,
        (page) => store.listArtifacts({ ...filter, ...page }),
        ({ id }) => id,
      );
    },
  );

  app.get(
    '/api/v1/artifacts/:id',
    {
      onRequest: requires('read'),
      schema: { tags: ['lineage'], summary: 'An artifact', params: byId, response: { 200: storedArtifactSchema } },
    },
    async (request) => {
      const { id } = request.params;
      const artifact = await storeOf(request).getArtifact(id);
      if (artifact === null) throw new MitateError('ARTIFACT_UNKNOWN', { id });
      return artifact;
    },
  );
}
