import {
  createDefaults,
  createMonitor,
  listResults,
  listWatched,
  removeMonitor,
  setMonitor,
  showMonitor,
} from '../../actions/monitors/monitor.ts';
import { runMonitorInChildProcess } from '../../actions/monitors/run-in-child-process.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import type { Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { given } from '../given.ts';
import { pageBySeq, pageOf } from '../page.ts';

export function monitorHandlers({ config }: ApiContext): Handlers<RouteIn<'monitors'>> {
  return {
    'monitors.list': async ({ store, query }) => {
      const watched = await listWatched(store, given({ endpoint: query.endpoint }));
      return pageOf(watched, query, ({ monitor }) => monitor.name);
    },
    'monitors.get': async ({ store, params }) => {
      const { monitor, results } = await showMonitor(store, params.name, 1);
      return { monitor, latest: results[0] ?? null };
    },
    'monitors.results': async ({ store, params: { name: monitor }, query }) =>
      await pageBySeq(query, (page) => listResults(store, { monitor, ...page })),
    'monitors.create': async ({ store, body, actor, now }) => await createMonitor(store, body, { actor, now }),
    'monitors.createDefaults': async ({ store, body, actor, now }) =>
      await createDefaults(store, body.endpoint, { actor, now }),
    'monitors.run': async ({ store, params, actor }) =>
      await runMonitorInChildProcess(config, store, params.name, actor),
    'monitors.set': async ({ store, params, body, actor }) => await setMonitor(store, params.name, body, actor),
    'monitors.remove': async ({ store, params, actor, now }) => await removeMonitor(store, params.name, { actor, now }),
  };
}
