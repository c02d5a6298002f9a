import { z } from 'zod';
import { instantSchema } from './instant.ts';
import { recordOf } from './record-of.ts';

/** TFX artifact type names. */
export const artifactTypes = [
  'Examples',
  'ExampleStatistics',
  'Schema',
  'ExampleAnomalies',
  'TransformGraph',
  'Model',
  'ModelRun',
  'HyperParameters',
  'TunerResults',
  'ModelEvaluation',
  'ModelBlessing',
  'InfraBlessing',
  'PushedModel',
  'InferenceResult',
  // not of TFX: why a candidate advanced, or was rejected or rolled back
  'PromotionDecision',
] as const;

export const artifactTypeSchema = z.enum(artifactTypes);
export type ArtifactType = z.infer<typeof artifactTypeSchema>;

export const propertiesSchema = recordOf(z.union([z.string(), z.number(), z.boolean()]));
export type Properties = z.infer<typeof propertiesSchema>;

/** A typed, immutable output of a component. */
const artifactSchema = z.object({
  id: z.string(),
  type: artifactTypeSchema,
  /** Absolute path of the artifact's folder. */
  uri: z.string(),
  /** `sha256` over the sorted (relative path, file sha256) pairs; lower-case hex. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  properties: propertiesSchema,
});
export type Artifact = z.infer<typeof artifactSchema>;

/** A published artifact with its origin. */
export const storedArtifactSchema = artifactSchema.extend({
  pipeline: z.string(),
  step: z.string(),
  key: z.string(),
  executionId: z.string(),
  createdAt: instantSchema,
  sizeBytes: z.number(),
  /** When gc deleted the files; the row stays for lineage. */
  deletedAt: instantSchema.nullable(),
});
export type StoredArtifact = z.input<typeof storedArtifactSchema>;
