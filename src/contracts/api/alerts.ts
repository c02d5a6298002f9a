import { z } from 'zod';
import { givenInstantSchema } from '../instant.ts';
import { alertSchema, alertStates, channelSchema, deliverySchema } from '../loop/alert.ts';
import { loggedProbabilitiesSchema } from '../prediction.ts';
import { pageQuerySchema, whySchema } from './page.ts';

export const alertDetailsSchema = z.object({ alert: alertSchema, deliveries: z.array(deliverySchema) });

export const alertsQuerySchema = pageQuerySchema.extend({
  state: z.enum(alertStates).optional(),
  endpoint: z.string().max(64).optional(),
  monitor: z.string().max(160).optional(),
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

export const createChannelSchema = z.strictObject({ name: z.string().max(64), definition: channelSchema });

/** One dead letter; without an id all of the channel. */
export const retrySchema = z.strictObject({ id: z.string().max(64).optional() });
export const retriedSchema = z.object({ retried: z.number() });
