import { allLabels, namedLabels, nameLabels } from '../../actions/labels/label-names.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import type { Handlers } from '../add-routes.ts';

export function labelHandlers(): Handlers<RouteIn<'labels'>> {
  return {
    'labels.list': async ({ store, query: { named } }) => ({
      items: named ? await namedLabels(store) : await allLabels(store),
    }),
    'labels.name': async ({ store, body, actor }) => await nameLabels(store, body.names, actor),
  };
}
