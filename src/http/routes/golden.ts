import { z } from 'zod';
import { listGolden, removeGolden, showGolden } from '../../actions/datasets/golden.ts';
import {
  addGoldenSchema,
  apiGoldenExampleSchema,
  apiGoldenSetSchema,
  goldenAdditionSchema,
} from '../../contracts/api/flywheel.ts';
import { pageQuerySchema, pageSchema } from '../../contracts/api/page.ts';
import { addGoldenInChildProcess } from '../../worker/flywheel-process.ts';
import type { ApiContext } from '../context.ts';
import { pageOf } from '../page.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { actorOf, requires } from '../principal.ts';

const tags = ['golden'];
const bySet = z.object({ set: z.string().max(64) });
const byPhoto = bySet.extend({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** Photos that never train. */
export function goldenRoutes(app: ZodApp, context: ApiContext): void {
  readingRoutes(app, context);
  changingRoutes(app, context);
}

function readingRoutes(app: ZodApp, { storeOf }: ApiContext): void {
  const onRequest = requires('read');
  app.get(
    '/api/v1/golden',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Golden sets',
        querystring: pageQuerySchema,
        response: { 200: pageSchema(apiGoldenSetSchema) },
      },
    },
    async (request) => pageOf(await listGolden(storeOf(request)), request.query, ({ set }) => set),
  );

  app.get(
    '/api/v1/golden/:set/photos',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Photos of a golden set, by label',
        params: bySet,
        querystring: pageQuerySchema,
        response: { 200: pageSchema(apiGoldenExampleSchema) },
      },
    },
    async (request) => {
      const { photos } = await showGolden(storeOf(request), request.params.set);
      return pageOf(photos, request.query, ({ sha256 }) => sha256);
    },
  );
}

function changingRoutes(app: ZodApp, { storeOf, config }: ApiContext): void {
  const onRequest = requires('operate');
  app.post(
    '/api/v1/golden',
    {
      onRequest,
      config: { audit: null },
      schema: {
        tags,
        summary: 'Add photos of labelled requests to a golden set: from now on they train nothing',
        body: addGoldenSchema,
        response: { 200: goldenAdditionSchema },
      },
    },
    async (request) => {
      const wish = { ...request.body, actor: actorOf(request) };
      return await addGoldenInChildProcess(config, storeOf(request), wish);
    },
  );

  app.delete(
    '/api/v1/golden/:set',
    {
      onRequest,
      config: { audit: null },
      schema: {
        tags,
        summary: 'Remove a golden set',
        params: bySet,
        response: { 200: z.object({ removed: z.int() }) },
      },
    },
    async (request) => {
      const removed = await removeGolden(storeOf(request), request.params, actorOf(request));
      return { removed: removed.length };
    },
  );

  app.delete(
    '/api/v1/golden/:set/photos/:sha256',
    {
      onRequest,
      config: { audit: null },
      schema: {
        tags,
        summary: 'Take a photo out of a golden set',
        params: byPhoto,
        response: { 200: apiGoldenExampleSchema },
      },
    },
    async (request) => {
      const [removed] = await removeGolden(storeOf(request), request.params, actorOf(request));
      return removed!;
    },
  );
}
