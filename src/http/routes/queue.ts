import { z } from 'zod';
import { cancelQueuedRun, enqueueRun, requireQueuedRun } from '../../actions/runs/queued-runs.ts';
import { runWishSchema } from '../../contracts/api/queue.ts';
import { queuedRunSchema } from '../../contracts/run-order.ts';
import type { ApiContext } from '../context.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { actorOf, requires } from '../principal.ts';

const tags = ['runs'];
const byId = z.object({ id: z.uuid() });

/** Runs asked for over HTTP: a worker works them off. */
export function queueRoutes(app: ZodApp, { config, runQueue, storeOf }: ApiContext): void {
  const orders = async (request: Parameters<typeof storeOf>[0]) => ({
    store: storeOf(request),
    queue: await runQueue(),
    pipelines: config.pipelines,
  });

  app.post(
    '/api/v1/runs',
    {
      onRequest: requires('operate'),
      config: { audit: null },
      schema: {
        tags,
        summary: 'Ask for a run: a worker starts it under the id that is answered',
        body: runWishSchema,
        response: { 202: queuedRunSchema },
      },
    },
    async (request, reply) => {
      const order = await enqueueRun(await orders(request), { ...request.body, actor: actorOf(request) });
      return await reply.code(202).send(order);
    },
  );

  app.get(
    '/api/v1/queue',
    {
      onRequest: requires('read'),
      schema: {
        tags,
        summary: 'Runs that wait for a worker, oldest first',
        response: { 200: z.array(queuedRunSchema) },
      },
    },
    async (request) => {
      const { queue, store: mine } = await orders(request);
      return await queue.waiting(mine.project);
    },
  );

  app.get(
    '/api/v1/queue/:id',
    {
      onRequest: requires('read'),
      schema: {
        tags,
        summary: 'What became of a run that was asked for',
        params: byId,
        response: { 200: queuedRunSchema },
      },
    },
    async (request) => await requireQueuedRun(await orders(request), request.params.id),
  );

  app.delete(
    '/api/v1/queue/:id',
    {
      onRequest: requires('operate'),
      config: { audit: null },
      schema: { tags, summary: 'Take a run that waits out of the queue', params: byId, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await cancelQueuedRun(await orders(request), request.params.id, actorOf(request));
      return await reply.code(204).send(null);
    },
  );
}
