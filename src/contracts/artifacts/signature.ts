import { z } from 'zod';
import { recordOf } from '../record-of.ts';
import { taskSchema } from '../task.ts';
import { labelSetsSchema, thresholdRuleSchema } from './operating-point.ts';
import { precisionSchema } from './precision.ts';

/**
 * Version of `vision/resample` and of how it is used. A model names the one it was trained with; raise it when the same bytes would give other
 * pixels, and keep the old one for the models that name it.
 */
export const currentResampler = 'mitate/1';

/** How bytes become pixels, the same for training and serving. */
export const preprocessSchema = z.object({
  /** Pixels. */
  width: z.int().positive(),
  height: z.int().positive(),
  /** `fill` ignores the aspect ratio, as Keras' image_dataset does; `cover` crops the middle. */
  fit: z.enum(['fill', 'cover']).default('fill'),
  kernel: z.enum(['linear', 'cubic', 'lanczos3']).default('cubic'),
  /** Absent in models from before Mitate had its own: libvips. */
  resampler: z.literal(currentResampler).optional(),
});
export type Preprocess = z.infer<typeof preprocessSchema>;

/** Views of one photo: the dihedral group's members, and crops (`crop-N`, N = 0..8: a 3x3 grid of windows of 87.5 % side). */
export const viewSchema = z
  .string()
  .regex(/^(plain|flip-h|flip-v|rot90|rot180|rot270|transpose|transverse|crop-[0-8])$/);
export type View = z.infer<typeof viewSchema>;

const tensorSchema = z.object({
  name: z.string(),
  dtype: z.enum(['uint8', 'float32']),
  /** -1 = any. */
  shape: z.array(z.int()),
});

/** `Format-Serving/signature.json`. */
export const signatureSchema = z.object({
  format: z.literal('mitate/1'),
  inputs: z.array(tensorSchema),
  outputs: z.array(tensorSchema),
  /** Labels of the head, in output order. */
  labels: z.array(z.string()).min(2),
  task: taskSchema,
  /** Positive when P(positive) >= threshold. 0..1. */
  threshold: z.number().min(0).max(1),
  /** That chose it, when it was a promise or costs. */
  thresholdRule: thresholdRuleSchema.optional(),
  /** Absent = predictions have no label sets. */
  labelSets: labelSetsSchema.optional(),
  /** Logits are divided by it inside the graph. */
  temperature: z.number().positive(),
  preprocess: preprocessSchema,
  /** Averaged inside the graph. */
  views: z.array(viewSchema).min(1),
  /** As it was trained; an int8 model serves a quantised form of it. */
  backbone: z.object({ name: z.string(), digest: z.string() }),
  precision: precisionSchema.optional(),
  embeddingSize: z.int().positive(),
  /** File name inside `Format-Serving/` -> sha256. */
  files: recordOf(z.string()),
});
export type Signature = z.infer<typeof signatureSchema>;
