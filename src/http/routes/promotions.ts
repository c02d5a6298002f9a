import { z } from 'zod';
import { promotionDisagreements } from '../../actions/promotions/disagreements.ts';
import { promotionGrid } from '../../actions/promotions/grid.ts';
import {
  abortPromotion,
  approvePromotion,
  refusePromotion,
  showPromotion,
  startPromotion,
} from '../../actions/promotions/promotion.ts';
import type { Permission } from '../../contracts/access.ts';
import { pageSchema } from '../../contracts/api/page.ts';
import {
  apiPromotionSchema,
  disagreementSchema,
  promotionDetailsSchema,
  promotionsQuerySchema,
  promotionVerbSchema,
  startPromotionSchema,
} from '../../contracts/api/promotions.ts';
import type { Promotion } from '../../contracts/loop/promotion.ts';
import type { ApiContext } from '../context.ts';
import { pageBelow } from '../page.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { actorOf, requires } from '../principal.ts';

const tags = ['promotions'];
const path = '/api/v1/promotions/:id(^[^:/]+)';
const byId = z.object({ id: z.string().max(64).describe('Its id, or an endpoint’s name: its newest') });

export const toApi = (promotion: Promotion) => ({ ...promotion, why: promotion.decisions.at(-1)!.why });

/** Candidates on their way to be the stable version of an endpoint; a worker takes the steps. */
export function promotionRoutes(app: ZodApp, context: ApiContext): void {
  const { storeOf } = context;

  app.get(
    '/api/v1/promotions',
    {
      onRequest: requires('read'),
      schema: {
        tags,
        summary: 'Promotions, newest first',
        querystring: promotionsQuerySchema,
        response: { 200: pageSchema(apiPromotionSchema) },
      },
    },
    async (request) => {
      const { endpoint, active } = request.query;
      const filter = { ...(endpoint !== undefined && { endpoint }), ...(active && { active }) };
      const { promotions } = storeOf(request);
      const read = async (page: { before?: number; limit: number }) =>
        (await promotions.list({ ...filter, ...page })).map(toApi);
      return await pageBelow(request.query, read, ({ seq }) => seq);
    },
  );

  app.get(
    path,
    {
      onRequest: requires('read'),
      schema: {
        tags,
        summary: 'A promotion, its decisions with their evidence, and how it stands',
        params: byId,
        response: { 200: promotionDetailsSchema },
      },
    },
    async (request) => {
      const { promotion, ...details } = await showPromotion(storeOf(request), request.params.id);
      return { ...toApi(promotion), ...details };
    },
  );

  app.get(
    `${path}/disagreements`,
    {
      onRequest: requires('operate', 'approve'),
      schema: {
        tags,
        summary: 'Logged requests whose photos candidate and champion answer differently',
        params: byId,
        response: { 200: z.array(disagreementSchema) },
      },
    },
    async (request) => await promotionDisagreements(storeOf(request), request.params.id),
  );

  app.get(
    `${path}/disagreements.png`,
    {
      onRequest: requires('operate', 'approve'),
      schema: {
        tags,
        summary: 'Their kept photos as a picture: a row for each two answers',
        params: byId,
        produces: ['image/png'],
      },
    },
    async (request, reply) => {
      const png = await promotionGrid(storeOf(request), request.params.id);
      return await reply.type('image/png').header('cache-control', 'no-store').send(Buffer.from(png));
    },
  );

  app.post(
    '/api/v1/promotions',
    {
      onRequest: requires('operate'),
      config: { audit: null },
      schema: {
        tags,
        summary: 'Put a version on its way: replay, shadow, canary, promoted or turned back',
        body: startPromotionSchema,
        response: { 201: apiPromotionSchema },
      },
    },
    async (request, reply) => {
      const { why, ...wish } = request.body;
      const started = await startPromotion(storeOf(request), wish, { actor: actorOf(request), why, now: new Date() });
      return await reply.code(201).send(toApi(started));
    },
  );

  promotionVerbs(app, context);
}

type Verb = typeof approvePromotion;

function promotionVerbs(app: ZodApp, context: ApiContext): void {
  // whom the policy asks is its own word: a labeller may be one
  verb(app, context, 'approve', 'Approve what it waits for', ['read'], approvePromotion);
  verb(app, context, 'refuse', 'Refuse what it waits for: it is turned back', ['read'], refusePromotion);
  verb(app, context, 'abort', 'End it, and give back what traffic it has', ['operate', 'approve'], abortPromotion);
}

function verb(
  app: ZodApp,
  { storeOf, service }: ApiContext,
  name: string,
  summary: string,
  needs: [Permission, ...Permission[]],
  run: Verb,
): void {
  app.post(
    `${path}::${name}`,
    {
      onRequest: requires(...needs),
      config: { audit: null },
      schema: { tags, summary, params: byId, body: promotionVerbSchema, response: { 200: apiPromotionSchema } },
    },
    async (request) => {
      const { why } = request.body;
      const { permissions } = request.principal;
      const by = { actor: actorOf(request), permissions, why, now: new Date() };
      const promotion = await run(storeOf(request), request.params.id, by);
      await service.refresh();
      return toApi(promotion);
    },
  );
}
