import { z } from 'zod';
import { promotionPolicySchema } from './loop/promotion.ts';
import { recordOf } from './record-of.ts';

/** Of a model or an endpoint. */
const name = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,127}$/);

/**
 * A change that a component wants outside its artifacts. The launcher applies intents and publishes the step's artifacts in one
 * transaction, with the execution id as idempotency key.
 */
export const intentSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('resolve-model'),
    strategy: z.enum(['latest-blessed', 'latest', 'champion']),
    modelName: z.string(),
    /** Output key that receives the model artifact; absent if there is none. */
    output: z.string(),
  }),
  z.object({
    kind: z.literal('push-model'),
    modelName: name,
    /** Input key of the model artifact, and output key of the PushedModel. */
    input: z.string(),
    output: z.string(),
    /** Endpoint to create or deploy to; absent = register only. */
    endpoint: name.optional(),
    /** Folder that receives `<version>/`; absent = registered without a copy. */
    destination: z.string().optional(),
    /** Blessing state and metrics, for the registry row. */
    blessed: z.boolean(),
    metrics: recordOf(z.number()),
    /** On an endpoint that already serves: promote the version with this policy. */
    promotion: promotionPolicySchema.optional(),
  }),
]);
export type Intent = z.infer<typeof intentSchema>;
