import { listGolden, removeGolden, showGolden } from '../../actions/datasets/golden.ts';
import {
  addGoldenInChildProcess,
  diffDataInChildProcess,
  exportFlywheelInChildProcess,
} from '../../actions/datasets/in-child-process.ts';
import { listSpans } from '../../actions/datasets/spans.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import type { Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { given } from '../given.ts';
import { pageBySeq, pageOf } from '../page.ts';

/** Differences of data sets, spans of labelled predictions, and golden sets: photos that are never used for training. */
export function datasetHandlers({ config }: ApiContext): Handlers<RouteIn<'datasets' | 'flywheel' | 'golden'>> {
  return {
    'datasets.diff': async ({ store, query }) => await diffDataInChildProcess(config, store, query),
    'flywheel.spans': async ({ store, query: { endpoint, ...page } }) =>
      await pageBySeq(page, (page) => listSpans(store, { ...given({ endpoint }), ...page })),
    'flywheel.export': async ({ store, body, actor }) => await exportFlywheelInChildProcess(config, store, body, actor),
    'golden.list': async ({ store, query }) => pageOf(await listGolden(store), query, ({ set }) => set),
    'golden.photos': async ({ store, params, query }) => {
      const { photos } = await showGolden(store, params.set);
      return pageOf(photos, query, ({ sha256 }) => sha256);
    },
    'golden.add': async ({ store, body, actor }) => await addGoldenInChildProcess(config, store, { ...body, actor }),
    'golden.remove': async ({ store, params, actor }) => ({
      removed: (await removeGolden(store, params, actor)).length,
    }),
    'golden.removePhoto': async ({ store, params, actor }) => {
      const [removed] = await removeGolden(store, params, actor);
      return removed!;
    },
  };
}
