import { acknowledgeAlert, resolveAlert, showAlert, silenceAlert } from '../../actions/alerts/alert.ts';
import {
  createChannel,
  removeChannel,
  requireChannel,
  retryDeadLetters,
  testChannel,
} from '../../actions/alerts/channel.ts';
import { alertGrid, alertPhotos } from '../../actions/alerts/photos.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import { type Handlers, png } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { given } from '../given.ts';
import { pageBySeq, pageOf } from '../page.ts';

export function alertHandlers(): Handlers<RouteIn<'alerts'>> {
  return {
    'alerts.list': async ({ store: { alerts }, query: { state, endpoint, monitor, ...page } }) => {
      const filter = given({ states: state && [state], endpoint, monitor });
      return await pageBySeq(page, (page) => alerts.listAlerts({ ...filter, ...page }));
    },
    'alerts.get': async ({ store, params }) => await showAlert(store, params.alert),
    'alerts.photos': async ({ store, params }) => ({ photos: await alertPhotos(store, params.alert) }),
    'alerts.grid': async ({ store, params }) => png(await alertGrid(store, params.alert)),
    'alerts.ack': async ({ store, params, body: { why }, actor, now }) =>
      await acknowledgeAlert(store, params.alert, { actor, why, now }),
    'alerts.resolve': async ({ store, params, body: { why }, actor, now }) =>
      await resolveAlert(store, params.alert, { actor, why, now }),
    'alerts.silence': async ({ store, params, body: { why, until }, actor, now }) =>
      await silenceAlert(store, params.alert, new Date(until), { actor, why, now }),
  };
}

export function channelHandlers({ config: { channels } }: ApiContext): Handlers<RouteIn<'channels'>> {
  return {
    'channels.list': async ({ store, query }) => pageOf(await store.alerts.listChannels(), query, ({ name }) => name),
    'channels.create': async ({ store, body: { name, definition }, actor, now }) =>
      await createChannel(store, name, definition, { actor, now }),
    'channels.remove': async ({ store, params, actor }) => await removeChannel(store, params.name, actor),
    'channels.test': async ({ store, params, actor, now }) => {
      await testChannel(store, params.name, { actor, now, channels });
      return { ok: true };
    },
    'channels.dead': async ({ store, params, query }) => {
      const { name: channel } = await requireChannel(store, params.name);
      const dead = await store.alerts.listDeliveries({ channel, state: 'dead', limit: 1_000 });
      return pageOf(dead, query, ({ id }) => id);
    },
    'channels.retry': async ({ store, params: { name: channel }, body: { id }, actor, now }) => ({
      retried: await retryDeadLetters(store, { channel, id }, { actor, now }),
    }),
  };
}
