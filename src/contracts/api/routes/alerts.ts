import { z } from 'zod';
import { alertSchema, deliverySchema, storedChannelSchema } from '../../loop/alert.ts';
import {
  alertDetailsSchema,
  alertPhotosSchema,
  alertsQuerySchema,
  alertVerbSchema,
  alertWhySchema,
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
    description:
      'One alert per monitor at a time; later breaches are added to it. Filter by state, endpoint or monitor.',
    needs: ['read'],
    query: alertsQuerySchema,
    answer: pageSchema(alertSchema),
    csv: [
      'id',
      'monitor',
      'kind',
      'severity',
      'endpoint',
      'state',
      'since',
      'openedAt',
      'lastSeenAt',
      'resolvedAt',
      'finding',
    ],
  },
  'alerts.get': {
    summary: 'Get an alert with its deliveries',
    description: 'By id, or by the name of the monitor for its latest alert.',
    needs: ['read'],
    params: byAlert,
    answer: alertDetailsSchema,
    errors: ['ALERT_UNKNOWN'],
  },
  'alerts.why': {
    summary: 'Get why an alert was raised: the series, what moved, and what else changed',
    description:
      'The results of its monitor over time; the distribution of what it measures in its window and in what that is compared with, of at most 2,000 photos each; and changes of the endpoint, its settings and its clients at that time.',
    needs: ['read'],
    params: byAlert,
    answer: alertWhySchema,
    errors: ['ALERT_UNKNOWN', 'MODEL_REFERENCE_INVALID'],
  },
  'alerts.photos': {
    ...photos,
    summary: 'List the photos that contributed most to an alert, each with its nearest training photos',
    description: 'What the alert is about, in photos: for a person who judges it.',
    answer: alertPhotosSchema,
    errors: ['ALERT_UNKNOWN'],
  },
  'alerts.grid': {
    ...photos,
    summary: 'Draw these photos as a PNG: one row each, then its neighbours; grey if a photo was not kept',
    description: 'The same as a picture.',
    answer: ['image/png'],
    errors: ['ALERT_UNKNOWN', 'ALERT_NO_PHOTOS'],
  },
  'alerts.ack': {
    ...verb,
    summary: 'Acknowledge an alert',
    description: 'Someone is working on it: no reminders. It stays open until its monitor recovers or it is resolved.',
    body: alertVerbSchema,
    errors: verbErrors,
  },
  'alerts.resolve': {
    ...verb,
    summary: 'Resolve an alert',
    description: 'A new breach opens a new alert.',
    body: alertVerbSchema,
    errors: verbErrors,
  },
  'alerts.silence': {
    ...verb,
    summary: 'Silence an alert until a given time',
    description: 'No messages about it are sent until then.',
    body: silenceSchema,
    errors: [...verbErrors, 'ALERT_SILENCE_INVALID'],
  },
} satisfies Routes<RouteIn<'alerts'>>;

const byName = z.object({ name: z.string().max(64) });

/** Channels send from this server, so only an admin decides where to. */
export const channelRoutes = {
  'channels.list': {
    summary: 'List notification channels',
    description:
      'Channels receive alerts: webhooks, Slack, e-mail, Pub/Sub. Secrets are never returned; a definition names the environment variables that hold them.',
    needs: ['operate'],
    query: pageQuerySchema,
    answer: pageSchema(storedChannelSchema),
  },
  'channels.create': {
    summary: 'Create a notification channel',
    description:
      'The definition is checked, and the address must be public or allowed by MITATE_CHANNEL_ALLOW. Use `channels.test` afterwards.',
    needs: ['admin'],
    body: createChannelSchema,
    status: 201,
    answer: storedChannelSchema,
    errors: ['CHANNEL_INVALID', 'CHANNEL_EXISTS'],
  },
  'channels.remove': {
    summary: 'Remove a channel; its pending messages become dead letters',
    description: 'Alerts are no longer sent there.',
    needs: ['admin'],
    params: byName,
    answer: storedChannelSchema,
    errors: ['CHANNEL_UNKNOWN'],
  },
  'channels.test': {
    summary: 'Send a test message now',
    description: 'Returns when the receiver accepted it, or its answer as an error.',
    needs: ['admin'],
    params: byName,
    answer: okSchema,
    errors: ['CHANNEL_UNKNOWN', 'CHANNEL_INVALID', 'CHANNEL_SECRET_MISSING', 'CHANNEL_SEND_FAILED'],
  },
  'channels.dead': {
    summary: 'List messages that could not be delivered, newest first',
    description: 'After all retries. They stay until they are sent again.',
    needs: ['operate'],
    params: byName,
    query: pageQuerySchema,
    answer: pageSchema(deliverySchema),
    errors: ['CHANNEL_UNKNOWN'],
  },
  'channels.retry': {
    summary: 'Send dead letters again',
    description: 'One message, or without `id` all of the channel.',
    needs: ['operate'],
    params: byName,
    body: retrySchema,
    answer: retriedSchema,
    errors: ['CHANNEL_UNKNOWN', 'DELIVERY_UNKNOWN'],
  },
} satisfies Routes<RouteIn<'channels'>>;
