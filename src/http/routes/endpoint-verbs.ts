import { z } from 'zod';
import type { EndpointWork } from '../../actions/endpoints/endpoint.ts';
import type { Permission } from '../../contracts/access.ts';
import { type Endpoint, endpointSchema } from '../../contracts/endpoint.ts';
import type { ApiContext } from '../context.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { actorOf, requires } from '../principal.ts';

interface Verb<B extends z.ZodType<{ why: string }>> {
  verb: string;
  summary: string;
  /** One of them is enough. */
  needs: readonly [Permission, ...Permission[]];
  body: B;
  run(work: EndpointWork, name: string, body: z.output<B>): Promise<Endpoint>;
}

/** A name has no colon: what follows one is a verb. */
export const endpointPath = '/api/v1/endpoints/:name(^[^:/]+)';

const byName = z.object({ name: z.string().max(64) });

/** `POST /api/v1/endpoints/{name}:{verb}`: plans, loads and checks, then changes; the next answer follows the new plan. */
export function endpointVerb<B extends z.ZodType<{ why: string }>>(
  app: ZodApp,
  { storeOf, service }: ApiContext,
  { verb, summary, needs, body, run }: Verb<B>,
): void {
  app.post(
    `${endpointPath}::${verb}`,
    {
      onRequest: requires(...needs),
      config: { audit: null },
      schema: { tags: ['endpoints'], summary, params: byName, body, response: { 200: endpointSchema } },
    },
    async (request) => {
      const asked = request.body as z.output<B>;
      const { name } = request.params as { name: string };
      const work = { store: storeOf(request), gate: service, actor: actorOf(request), why: asked.why };
      const changed = await run(work, name, asked);
      await service.refresh();
      return changed;
    },
  );
}
