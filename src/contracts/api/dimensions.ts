import { z } from 'zod';
import { deploymentRoleSchema } from '../endpoint.ts';
import { instantSchema } from '../instant.ts';
import { recordOf } from '../record-of.ts';

/** The dimension tables of the request log, with the column names of the system that Mitate follows. `fact_requests` joins them. */
export const dimensionsSchema = z.object({
  dim_endpoints: z.array(
    z.object({
      endpoint: z.string(),
      display_name: z.string(),
      created_at: instantSchema,
      updated_at: instantSchema.nullable(),
      machine_type: z.string().nullable(),
      min_replica_count: z.number(),
      max_replica_count: z.number(),
      accelerator: z.string().nullable(),
      model_monitoring: z.boolean().describe('An enabled monitor watches the endpoint'),
      mointoring_type: z
        .string()
        .nullable()
        .describe(
          'training-serving-skew (compared with the training photos), prediction-drift (with earlier requests), or both',
        ),
      alert_threshold: z
        .number()
        .nullable()
        .describe('Of its positive-rate monitor, the strictest if there are several'),
    }),
  ),
  dim_models: z.array(
    z.object({
      deployed_model_id: z.string(),
      display_name: z.string(),
      created_at: instantSchema,
      metrics_auc: z.number().nullable(),
      git_commit: z.string().nullable(),
      model_name: z.string(),
      version: z.number(),
      digest: z.string(),
      blessed: z.boolean(),
      metrics: recordOf(z.number()),
    }),
  ),
  dim_deployments: z.array(
    z.object({
      deployed_model_id: z.string(),
      endpoint: z.string(),
      pipeline_run_name: z.string(),
      role: deploymentRoleSchema,
      traffic: z.number(),
      since: instantSchema,
      until: instantSchema.nullable(),
    }),
  ),
});
export type Dimensions = z.input<typeof dimensionsSchema>;
export type DimensionTable = keyof Dimensions;
export const dimensionTables = Object.keys(dimensionsSchema.shape) as DimensionTable[];
