import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { modelDetails } from '../../actions/endpoints/model.ts';
import { modelDetailsSchema } from '../../contracts/api/models.ts';
import { pageQuerySchema, pageSchema } from '../../contracts/api/page.ts';
import { modelSchema, modelVersionSchema } from '../../contracts/model.ts';
import type { ApiContext } from '../context.ts';
import { pageOf } from '../page.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { requires } from '../principal.ts';

const tags = ['models'];
const onRequest = requires('read');
const byName = z.object({ name: z.string().max(128) });
const byReference = z.object({ reference: z.string().max(128).describe('name, name@3 or name@champion') });

export function modelRoutes(app: ZodApp, { storeOf }: ApiContext): void {
  app.get(
    '/api/v1/models',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Registered models, newest first',
        querystring: pageQuerySchema,
        response: { 200: pageSchema(modelSchema) },
      },
    },
    async (request) => pageOf(await storeOf(request).listModels(), request.query, ({ name }) => name),
  );

  app.get(
    '/api/v1/models/:reference',
    {
      onRequest,
      schema: {
        tags,
        summary: 'One version with its history',
        params: byReference,
        response: { 200: modelDetailsSchema },
      },
    },
    async (request) => {
      const details = await modelDetails(storeOf(request), request.params.reference);
      // files of a version may have been collected; what is known of it is still told
      return { ...details, card: await readFile(details.card, 'utf8').catch(() => '') };
    },
  );

  app.get(
    '/api/v1/models/:name/versions',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Versions of a model, newest first',
        params: byName,
        querystring: pageQuerySchema,
        response: { 200: pageSchema(modelVersionSchema) },
      },
    },
    async (request) => {
      const versions = await storeOf(request).listVersions(request.params.name);
      return pageOf(versions, request.query, ({ version }) => String(version));
    },
  );
}
