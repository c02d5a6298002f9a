import { z } from 'zod';

const described = z.object({ description: z.string() });
const graphicsSchema = z.object({
  description: z.string().optional(),
  collection: z.array(z.object({ name: z.string(), image: z.string() })).optional(),
});

/** `model-card.json`: Google's Model Card Toolkit schema 0.0.2, the fields that Mitate fills. */
export const modelCardSchema = z.object({
  schema_version: z.literal('0.0.2'),
  model_details: z.object({
    name: z.string(),
    overview: z.string(),
    documentation: z.string().optional(),
    owners: z.array(z.object({ name: z.string(), contact: z.string().optional() })).optional(),
    version: z.object({ name: z.string(), diff: z.string().optional() }).optional(),
    licenses: z.array(z.object({ identifier: z.string() })).optional(),
    references: z.array(z.object({ reference: z.string() })).optional(),
  }),
  model_parameters: z.object({
    model_architecture: z.string(),
    data: z.array(
      z.object({
        name: z.string(),
        link: z.string().optional(),
        description: z.string().optional(),
        graphics: graphicsSchema.optional(),
      }),
    ),
    input_format: z.string(),
    output_format: z.string(),
  }),
  quantitative_analysis: z.object({
    performance_metrics: z.array(
      z.object({
        type: z.string(),
        value: z.string(),
        slice: z.string().optional(),
        confidence_interval: z.object({ lower_bound: z.string(), upper_bound: z.string() }).optional(),
      }),
    ),
  }),
  considerations: z.object({
    users: z.array(described),
    use_cases: z.array(described),
    limitations: z.array(described),
    tradeoffs: z.array(described),
    ethical_considerations: z.array(z.object({ name: z.string(), mitigation_strategy: z.string() })),
  }),
});
export type ModelCard = z.infer<typeof modelCardSchema>;
