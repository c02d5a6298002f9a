import { z } from 'zod';
import { alertSchema, deliverySchema, storedChannelSchema } from '../../loop/alert.ts';
import {
  alertDetailsSchema,
  alertPhotosSchema,
  alertsQuerySchema,
  alertVerbSchema,
  createChannelSchema,
  retriedSchema,
  retrySchema,
  silenceSchema,
} from '../alerts.ts';
import { okSchema, pageQuerySchema, pageSchema } from '../page.ts';
import type { RouteIn, Routes } from '../route.ts';

const byAlert = z.object({
  alert: z.string().max(160).describe('Its id, or the name of a monitor for its unresolved alert'),
});
// training photos are shown only to those who operate endpoints
const photos = { needs: ['operate'], params: byAlert } as const;
const verb = { needs: ['operate', 'label'], params: byAlert, answer: alertSchema } as const;
const verbErrors = ['ALERT_UNKNOWN', 'ALERT_RESOLVED', 'ALERT_CHANGED'] as const;

export const alertRoutes = {
  'alerts.list': {
    summary: 'List alerts, newest first',
    needs: ['read'],
    query: alertsQuerySchema,
    answer: pageSchema(alertSchema),
  },
  'alerts.get': {
    summary: 'Get an alert with its deliveries',
    needs: ['read'],
    params: byAlert,
    answer: alertDetailsSchema,
    errors: ['ALERT_UNKNOWN'],
  },
  'alerts.photos': {
    ...photos,
    summary: 'List the photos that contributed most to an alert, each with its nearest training photos',
    answer: alertPhotosSchema,
    errors: ['ALERT_UNKNOWN'],
  },
  'alerts.grid': {
    ...photos,
    summary: 'Draw these photos as a PNG: one row each, then its neighbours; grey if a photo was not kept',
    answer: ['image/png'],
    errors: ['ALERT_UNKNOWN', 'ALERT_NO_PHOTOS'],
  },
  'alerts.ack': { ...verb, summary: 'Acknowledge an alert', body: alertVerbSchema, errors: verbErrors },
  'alerts.resolve': { ...verb, summary: 'Resolve an alert', body: alertVerbSchema, errors: verbErrors },
  'alerts.silence': {
    ...verb,
    summary: 'Silence an alert until a given time',
    body: silenceSchema,
    errors: [...verbErrors, 'ALERT_SILENCE_INVALID'],
  },
} satisfies Routes<RouteIn<'alerts'>>;

const byName = z.object({ name: z.string().max(64) });

/** Channels send from this server, so only an admin decides where to. */
export const channelRoutes = {
  'channels.list': {
    summary: 'List notification channels',
    needs: ['operate'],
    query: pageQuerySchema,
    answer: pageSchema(storedChannelSchema),
  },
  'channels.create': {
    summary: 'Create a notification channel',
    needs: ['admin'],
    body: createChannelSchema,
    status: 201,
    answer: storedChannelSchema,
    errors: ['CHANNEL_INVALID', 'CHANNEL_EXISTS'],
  },
  'channels.remove': {
    summary: 'Remove a channel; its pending messages become dead letters',
    needs: ['admin'],
    params: byName,
    answer: storedChannelSchema,
    errors: ['CHANNEL_UNKNOWN'],
  },
  'channels.test': {
    summary: 'Send a test message now',
    needs: ['admin'],
    params: byName,
    answer: okSchema,
    errors: ['CHANNEL_UNKNOWN'],
  },
  'channels.dead': {
    summary: 'List messages that could not be delivered, newest first',
    needs: ['operate'],
    params: byName,
    query: pageQuerySchema,
    answer: pageSchema(deliverySchema),
    errors: ['CHANNEL_UNKNOWN'],
  },
  'channels.retry': {
    summary: 'Send dead letters again',
    needs: ['operate'],
    params: byName,
    body: retrySchema,
    answer: retriedSchema,
    errors: ['CHANNEL_UNKNOWN', 'DELIVERY_UNKNOWN'],
  },
} satisfies Routes<RouteIn<'channels'>>;
