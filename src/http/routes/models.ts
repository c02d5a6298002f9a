import { readFile } from 'node:fs/promises';
import { promoteModel, rollbackModel, showModel } from '../../actions/endpoints/model.ts';
import { listModels, listVersions } from '../../actions/models/models.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import type { Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { pageOf } from '../page.ts';

export function modelHandlers({ service }: ApiContext): Handlers<RouteIn<'models'>> {
  return {
    'models.list': async ({ store, query }) => pageOf(await listModels(store), query, ({ name }) => name),
    'models.get': async ({ store, params }) => {
      const details = await showModel(store, params.reference);
      // the files of a version may have been garbage-collected
      return { ...details, card: await readFile(details.card, 'utf8').catch(() => '') };
    },
    'models.versions': async ({ store, params, query }) =>
      pageOf(await listVersions(store, params.name), query, ({ version }) => String(version)),
    'models.promote': async ({ store, params, body: { version, force, why }, actor }) => {
      const work = { store, gate: service, actor, why };
      const champion = await promoteModel(work, `${params.name}@${version}`, { force });
      await service.refresh();
      return champion;
    },
    'models.rollback': async ({ store, params, body: { why }, actor }) => {
      const champion = await rollbackModel({ store, gate: service, actor, why }, params.name);
      await service.refresh();
      return champion;
    },
  };
}
