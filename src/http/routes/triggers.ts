import { dryRunInChildProcess, lookInChildProcess } from '../../actions/triggers/in-child-process.ts';
import { notifyTrigger, runTrigger } from '../../actions/triggers/run.ts';
import {
  createTrigger,
  listFirings,
  listTriggers,
  removeTrigger,
  showTrigger,
  switchTrigger,
} from '../../actions/triggers/trigger.ts';
import { durationMs } from '../../codecs/duration.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import type { Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { given } from '../given.ts';
import { pageBySeq, pageOf } from '../page.ts';

const shown = 20;

export function triggerHandlers({ config, runQueue, logger }: ApiContext): Handlers<RouteIn<'triggers'>> {
  return {
    'triggers.list': async ({ store, query, now }) =>
      pageOf(await listTriggers(store, now), query, ({ trigger }) => trigger.name),
    'triggers.get': async ({ store, params, now }) => await showTrigger(store, params.name, { now, last: shown }),
    'triggers.firings': async ({ store, params: { name: trigger }, query: { state, ...page } }) =>
      await pageBySeq(page, (page) => listFirings(store, { trigger, ...given({ state }), ...page })),
    'triggers.dryRun': async ({ store, params, query, now }) =>
      await dryRunInChildProcess(config, store, params.name, { now, lastMs: durationMs(query.last)! }),
    'triggers.create': async ({ store, body, actor, now }) =>
      await createTrigger(store, body, { actor, now, config, look: lookInChildProcess }),
    'triggers.remove': async ({ store, params, actor }) => {
      await removeTrigger(store, params.name, actor);
      return { ok: true };
    },
    'triggers.enable': async ({ store, params, actor, now }) =>
      await switchTrigger(store, params.name, { isEnabled: true, actor, now, look: lookInChildProcess }),
    'triggers.disable': async ({ store, params, actor, now }) =>
      await switchTrigger(store, params.name, { isEnabled: false, actor, now }),
    'triggers.run': async ({ store, params, body: { key }, actor, now }) => {
      const queue = await runQueue();
      const enqueue: typeof queue.add = (order) => queue.add(order);
      return await runTrigger(config, store, params.name, { actor, key, now, logger, enqueue, leaveFlywheel: true });
    },
    'triggers.notify': async ({ store, params, body: { photos, key }, actor, now }) => ({
      noted: await notifyTrigger(store, params.name, { photos, key, actor, now }),
    }),
  };
}
