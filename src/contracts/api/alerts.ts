import { z } from 'zod';
import { givenInstantSchema, instantSchema } from '../instant.ts';
import { alertSchema, alertStates, channelSchema, deliverySchema } from '../loop/alert.ts';
import { monitorResultSchema, monitorSchema } from '../loop/monitor.ts';
import { loggedProbabilitiesSchema } from '../prediction.ts';
import { csvQuery, pageQuerySchema, whySchema } from './page.ts';

export const alertDetailsSchema = z.object({ alert: alertSchema, deliveries: z.array(deliverySchema) });

export const alertsQuerySchema = pageQuerySchema.extend({
  state: z.enum(alertStates).optional(),
  endpoint: z.string().max(64).optional(),
  monitor: z.string().max(160).optional(),
  ...csvQuery,
});

export const alertVerbSchema = z.strictObject({ why: whySchema });

export const silenceSchema = z.strictObject({ until: givenInstantSchema, why: whySchema });

/** A photo that moved an alert, and the training photos nearest to it. */
export const alertPhotosSchema = z.object({
  photos: z.array(
    z.object({
      requestId: z.string(),
      label: z.string().nullable(),
      ...loggedProbabilitiesSchema.shape,
      isKept: z.boolean(),
      nearest: z.array(z.object({ id: z.string(), label: z.string().nullable(), isKept: z.boolean() })),
    }),
  ),
});

const share = z.number().describe('0..1');

/** What was measured in the alert's window beside what it is compared with. */
const histogramSchema = z.object({
  of: z.string().describe('`score`, `label`, `quality`, `latency`, `distance`, or the name of an image property'),
  bins: z
    .array(z.object({ label: z.string().nullable(), low: z.number().nullable(), high: z.number().nullable() }))
    .describe('A label, or a range [low, high)'),
  reference: z.array(share).describe('Share of each bin'),
  window: z.array(share),
  /** Photos that they are of. */
  referencePhotos: z.int(),
  windowPhotos: z.int(),
});
export type AlertHistogram = z.infer<typeof histogramSchema>;

const changeSchema = z.object({
  at: instantSchema.nullable().describe('Null: somewhere in the window'),
  kind: z.enum(['deployment', 'settings', 'attribute']),
  /** `promote`, `set`; of an attribute its name. */
  what: z.string(),
  /** The change, in words. */
  said: z.string(),
  who: z.string().nullable(),
});
export type AlertCause = z.input<typeof changeSchema>;

export const alertWhySchema = z.object({
  alert: alertSchema,
  monitor: monitorSchema.nullable().describe('Null: it was removed'),
  model: z
    .string()
    .nullable()
    .describe('`name@version` that was judged; null: the service was, or the version is gone'),
  /** Results of its monitor around the alert, oldest first, at most 120. */
  series: z.array(
    monitorResultSchema.pick({ windowStart: true, windowEnd: true, state: true }).extend({
      statistic: z.number().nullable(),
      p: z.number().nullable(),
      threshold: z.number().nullable(),
      interval: z.object({ low: z.number(), high: z.number() }).nullable(),
      said: z.string(),
    }),
  ),
  histogram: histogramSchema
    .nullable()
    .describe('Null: its monitor compares no distribution, or the log has none left'),
  /** What else changed from one window before the alert on, newest first. */
  changes: z.array(changeSchema),
});

export const createChannelSchema = z.strictObject({ name: z.string().max(64), definition: channelSchema });

/** One dead letter; without an id all of the channel. */
export const retrySchema = z.strictObject({ id: z.string().max(64).optional() });
export const retriedSchema = z.object({ retried: z.number() });
