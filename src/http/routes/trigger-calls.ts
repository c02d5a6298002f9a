import { z } from 'zod';
import { notifyTrigger, runTrigger } from '../../actions/triggers/run.ts';
import { notifyTriggerSchema, runTriggerSchema } from '../../contracts/api/triggers.ts';
import { firingSchema } from '../../contracts/loop/trigger.ts';
import { asLogger } from '../as-logger.ts';
import type { ApiContext } from '../context.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { actorOf, requires } from '../principal.ts';
import { triggerPath } from './triggers.ts';

const tags = ['triggers'];
const byName = z.object({ name: z.string().max(64) });

/** Triggers that are called from outside. */
export function triggerCalls(app: ZodApp, { config, runQueue, storeOf }: ApiContext): void {
  const logger = asLogger(app.log);

  app.post(
    `${triggerPath}::run`,
    {
      onRequest: requires('operate'),
      config: { audit: null },
      schema: {
        tags,
        summary: 'Start its run now, whatever its limits',
        params: byName,
        body: runTriggerSchema,
        response: { 202: firingSchema },
      },
    },
    async (request, reply) => {
      const queue = await runQueue();
      const firing = await runTrigger(config, storeOf(request), request.params.name, {
        actor: actorOf(request),
        key: request.body.key,
        now: new Date(),
        logger,
        enqueue: (order) => queue.add(order),
        leaveFlywheel: true,
      });
      return await reply.code(202).send(firing);
    },
  );

  app.post(
    `${triggerPath}::notify`,
    {
      onRequest: requires('operate'),
      config: { audit: null },
      schema: {
        tags,
        summary: 'Say that there are new photos; within a minute it is decided whether a run starts',
        params: byName,
        body: notifyTriggerSchema,
        response: { 202: z.object({ noted: z.boolean().describe('False: the same key said so before') }) },
      },
    },
    async (request, reply) => {
      const { photos, key } = request.body;
      const call = { photos, key, actor: actorOf(request), now: new Date() };
      const noted = await notifyTrigger(storeOf(request), request.params.name, call);
      return await reply.code(202).send({ noted });
    },
  );
}
