import { compareRunsInChildProcess } from '../../actions/datasets/in-child-process.ts';
import { listArtifacts, showArtifact } from '../../actions/runs/artifacts.ts';
import { describeRun } from '../../actions/runs/describe-run.ts';
import { listPipelines, showPipeline } from '../../actions/runs/pipelines.ts';
import { cancelQueuedRun, enqueueAgain, enqueueRun, requireQueuedRun } from '../../actions/runs/queued-runs.ts';
import { runGraph } from '../../actions/runs/run-graph.ts';
import { cancelRun, listRuns, showRun } from '../../actions/runs/runs.ts';
import { readStepLog } from '../../actions/runs/step-log.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { given } from '../given.ts';
import { pageBefore } from '../page.ts';
import { requireNoOtherSite } from '../plugins/authenticate.ts';
import { requirePermission } from '../principal.ts';

const byId = ({ id }: { id: string }) => id;

export function runHandlers({
  config,
  runQueue,
}: ApiContext): Handlers<RouteIn<'runs' | 'pipelines' | 'queue' | 'artifacts' | 'lineage'>> {
  const queued = async (store: OpenStore) => ({
    store,
    queue: await runQueue(),
    pipelines: config.pipelines,
  });
  const queue: Handlers<RouteIn<'runs.queue'>> = {
    'runs.queue.list': async ({ store }) => await (await runQueue()).waiting(store.project),
    'runs.queue.get': async ({ store, params }) => await requireQueuedRun(await queued(store), params.id),
    'runs.queue.remove': async ({ store, params, actor }) =>
      await cancelQueuedRun(await queued(store), params.id, actor),
  };
  return {
    'runs.list': async ({ store, query: { limit, cursor, ...filter } }) =>
      await pageBefore({ limit, cursor }, (page) => listRuns(store, { ...given(filter), ...page }), byId),
    'runs.compare': async ({ store, query: { runs } }) =>
      await compareRunsInChildProcess(config, store, runs.split(',')),
    'runs.start': async ({ store, body, actor }) => await enqueueRun(await queued(store), { ...body, actor }),
    'runs.get': async ({ store, params }) => await showRun(store, params.id),
    'runs.describe': async ({ store, params, body, actor }) => await describeRun(store, params.id, body, actor),
    'runs.cancel': async ({ store, params, actor }) => await cancelRun(store, params.id, actor),
    'runs.retry': async ({ store, params, actor }) => await enqueueAgain(await queued(store), params.id, actor),
    'runs.graph': async ({ store, params }) => await runGraph(store, params.id),
    'runs.log': async ({ store, params, query }) => await readStepLog(store, params.id, params.step, query),
    'pipelines.list': async ({ store }) => await listPipelines(store, config.pipelines),
    'pipelines.graph': async ({ store, params, principal, request }) =>
      await showPipeline(config, store, params.pipeline, () => {
        requirePermission(principal, 'operate');
        requireNoOtherSite(request);
      }),
    ...queue,
    'queue.list': queue['runs.queue.list'],
    'queue.get': queue['runs.queue.get'],
    'queue.remove': queue['runs.queue.remove'],
    'artifacts.list': async ({ store, query: { limit, cursor, ...filter } }) =>
      await pageBefore({ limit, cursor }, (page) => listArtifacts(store, { ...given(filter), ...page }), byId),
    'artifacts.get': async ({ store, params }) => await showArtifact(store, params.id),
    'lineage.get': async ({ store, query }) => {
      const { lineageOf } = await import('../../orchestrator/lineage.ts');
      return await lineageOf(store, query.of, null);
    },
  };
}
