import { z } from 'zod';
import { promoteModel, rollbackModel } from '../../actions/endpoints/model.ts';
import { promoteModelSchema, rollbackModelSchema } from '../../contracts/api/models.ts';
import { modelVersionSchema } from '../../contracts/model.ts';
import type { ApiContext } from '../context.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { actorOf, requires } from '../principal.ts';

const tags = ['models'];
const byName = z.object({ name: z.string().max(128) });

/** Who is champion. The endpoints that serve the model follow, once they have loaded and checked what they get. */
export function modelVerbs(app: ZodApp, { storeOf, service }: ApiContext): void {
  app.post(
    '/api/v1/models/:name(^[^:/]+)::promote',
    {
      onRequest: requires('operate', 'approve'),
      config: { audit: null },
      schema: {
        tags,
        summary: 'Make a version the champion, and give it the stable traffic of the endpoints that serve the model',
        params: byName,
        body: promoteModelSchema,
        response: { 200: modelVersionSchema },
      },
    },
    async (request) => {
      const { version, force, why } = request.body;
      const work = { store: storeOf(request), gate: service, actor: actorOf(request), why };
      const champion = await promoteModel(work, `${request.params.name}@${version}`, { force });
      await service.refresh();
      return champion;
    },
  );

  app.post(
    '/api/v1/models/:name(^[^:/]+)::rollback',
    {
      onRequest: requires('operate', 'approve'),
      config: { audit: null },
      schema: {
        tags,
        summary: 'Make the champion before this one the champion again, with its traffic',
        params: byName,
        body: rollbackModelSchema,
        response: { 200: modelVersionSchema },
      },
    },
    async (request) => {
      const { why } = request.body;
      const work = { store: storeOf(request), gate: service, actor: actorOf(request), why };
      const champion = await rollbackModel(work, request.params.name);
      await service.refresh();
      return champion;
    },
  );
}
