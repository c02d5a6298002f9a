import { receiveRelease } from '../../actions/releases/receive.ts';
import { listReleases, releaseDetails } from '../../actions/releases/releases.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import type { Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { given } from '../given.ts';
import { pageBefore } from '../page.ts';

export function releaseHandlers({ runQueue }: ApiContext): Handlers<Exclude<RouteIn<'releases'>, 'releases.webhook'>> {
  return {
    'releases.list': async ({ store, query: { pipeline, ...page } }) =>
      await pageBefore(
        page,
        (page) => listReleases(store, { ...given({ pipeline }), ...page }),
        ({ id }) => id,
      ),
    'releases.get': async ({ store, params }) => await releaseDetails(store, params.id),
    'releases.deploy': async ({ store, body: { bundle, ...release }, actor }) =>
      await receiveRelease(store, runQueue, {
        ...release,
        bundle: Buffer.from(bundle, 'base64'),
        via: 'api',
        actor,
        byHand: actor.kind === 'person',
      }),
  };
}
