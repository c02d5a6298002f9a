import { z } from 'zod';
import { dryRunTrigger } from '../../actions/triggers/dry-run.ts';
import {
  createTrigger,
  listTriggers,
  removeTrigger,
  showTrigger,
  switchTrigger,
} from '../../actions/triggers/trigger.ts';
import { durationMs } from '../../codecs/duration.ts';
import { okSchema, pageQuerySchema, pageSchema } from '../../contracts/api/page.ts';
import {
  createTriggerSchema,
  dryRunQuerySchema,
  dryRunSchema,
  firingsQuerySchema,
  triggerDetailsSchema,
} from '../../contracts/api/triggers.ts';
import { firingSchema, storedTriggerSchema } from '../../contracts/loop/trigger.ts';
import type { ApiContext } from '../context.ts';
import { pageBelow, pageOf } from '../page.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { actorOf, requires } from '../principal.ts';

const tags = ['triggers'];
const byName = z.object({ name: z.string().max(64) });
/** A name has no colon: what follows one is a verb. */
export const triggerPath = '/api/v1/triggers/:name(^[^:/]+)';
/** Firings of a trigger that is shown. */
const shown = 20;

/** What starts runs by itself. */
export function triggerRoutes(app: ZodApp, context: ApiContext): void {
  readingRoutes(app, context);
  changingRoutes(app, context);
}

function readingRoutes(app: ZodApp, { storeOf }: ApiContext): void {
  app.get(
    '/api/v1/triggers',
    {
      onRequest: requires('read'),
      schema: {
        tags,
        summary: 'Triggers, each with its newest firing',
        querystring: pageQuerySchema,
        response: { 200: pageSchema(triggerDetailsSchema) },
      },
    },
    async (request) =>
      pageOf(await listTriggers(storeOf(request), new Date()), request.query, ({ trigger }) => trigger.name),
  );

  app.get(
    triggerPath,
    {
      onRequest: requires('read'),
      schema: {
        tags,
        summary: 'A trigger with its newest firings',
        params: byName,
        response: { 200: triggerDetailsSchema },
      },
    },
    async (request) => await showTrigger(storeOf(request), request.params.name, { now: new Date(), last: shown }),
  );

  app.get(
    `${triggerPath}/firings`,
    {
      onRequest: requires('read'),
      schema: {
        tags,
        summary: 'When a trigger fired or was kept from it, newest first',
        params: byName,
        querystring: firingsQuerySchema,
        response: { 200: pageSchema(firingSchema) },
      },
    },
    async (request) => {
      const { triggers } = storeOf(request);
      const { state } = request.query;
      const filter = { trigger: request.params.name, ...(state && { state }) };
      return await pageBelow(
        request.query,
        (page) => triggers.listFirings({ ...filter, ...page }),
        ({ seq }) => seq,
      );
    },
  );

  app.get(
    `${triggerPath}/dry-run`,
    {
      onRequest: requires('read'),
      schema: {
        tags,
        summary: 'When it would have fired, had it been there; nothing is started',
        params: byName,
        querystring: dryRunQuerySchema,
        response: { 200: dryRunSchema },
      },
    },
    async (request) => {
      const lastMs = durationMs(request.query.last)!;
      return await dryRunTrigger(storeOf(request), request.params.name, { now: new Date(), lastMs });
    },
  );
}

function changingRoutes(app: ZodApp, { storeOf, config: { pipelines } }: ApiContext): void {
  app.post(
    '/api/v1/triggers',
    {
      onRequest: requires('operate'),
      config: { audit: null },
      schema: { tags, summary: 'Make a trigger', body: createTriggerSchema, response: { 201: storedTriggerSchema } },
    },
    async (request, reply) => {
      const change = { actor: actorOf(request), now: new Date(), pipelines };
      const made = await createTrigger(storeOf(request), request.body, change);
      return await reply.code(201).send(made);
    },
  );

  app.delete(
    triggerPath,
    {
      onRequest: requires('operate'),
      config: { audit: null },
      schema: {
        tags,
        summary: 'Remove a trigger; what it fired stays on record',
        params: byName,
        response: { 200: okSchema },
      },
    },
    async (request) => {
      await removeTrigger(storeOf(request), request.params.name, actorOf(request));
      return { ok: true } as const;
    },
  );

  for (const [verb, isEnabled] of [
    ['enable', true],
    ['disable', false],
  ] as const)
    app.post(
      `${triggerPath}::${verb}`,
      {
        onRequest: requires('operate'),
        config: { audit: null },
        schema: {
          tags,
          summary: isEnabled ? 'Turn a trigger on; what happened meanwhile stays unanswered' : 'Turn a trigger off',
          params: byName,
          response: { 200: storedTriggerSchema },
        },
      },
      async (request) => {
        const change = { isEnabled, actor: actorOf(request), now: new Date() };
        return await switchTrigger(storeOf(request), request.params.name, change);
      },
    );
}
