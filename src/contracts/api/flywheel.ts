import { z } from 'zod';
import { nameSchema } from '../access.ts';
import { instantSchema } from '../instant.ts';
import { flywheelExportSchema, flywheelPolicySchema, leftOutReasons } from '../loop/flywheel.ts';
import { pageQuerySchema } from './page.ts';

export const exportFlywheelSchema = flywheelPolicySchema.strict();
export type ExportFlywheel = z.input<typeof exportFlywheelSchema>;

export const spansQuerySchema = pageQuerySchema.extend({ endpoint: z.string().max(64).optional() });
export type SpansQuery = z.input<typeof spansQuerySchema>;

export const flywheelSpanSchema = z.object({
  seq: z.int(),
  folder: z.string(),
  span: z.int(),
  endpoint: z.string(),
  digest: z.string(),
  photos: z.int(),
  labels: z.record(z.string(), z.int()),
  leftOut: flywheelExportSchema.shape.leftOut,
  policy: flywheelPolicySchema,
  at: instantSchema,
  who: z.string(),
});
export type ApiFlywheelSpan = z.output<typeof flywheelSpanSchema>;

export const goldenSetSchema = z.object({
  set: z.string(),
  photos: z.int(),
  labels: z.record(z.string(), z.int()),
  since: instantSchema,
  until: instantSchema,
  folder: z.string().describe('Folder per label on the server: a source for the `test` of ExampleGen'),
});
export type ApiGoldenSet = z.output<typeof goldenSetSchema>;

export const goldenExampleSchema = z.object({
  set: z.string(),
  sha256: z.string(),
  label: z.string(),
  format: z.enum(['jpeg', 'png', 'webp']),
  request: z.string().nullable().describe('Of a labelled request: its public id'),
  imageSha256: z.string().nullable(),
  addedAt: instantSchema,
  who: z.string(),
});
export type ApiGoldenExample = z.output<typeof goldenExampleSchema>;

export const addGoldenSchema = z.strictObject({
  set: nameSchema,
  endpoint: z.string().max(64).describe('Whose labelled requests'),
  requests: z
    .array(z.uuid())
    .min(1)
    .max(1_000)
    .optional()
    .describe('Only these; default: all with a label and a kept photo'),
  minConfirmations: z.int().min(1).max(100).default(1).describe('People, or routes, that say the same'),
});
export type AddGolden = z.input<typeof addGoldenSchema>;

export const goldenAdditionSchema = z.object({
  added: z.array(goldenExampleSchema),
  known: z.int(),
  leftOut: z.partialRecord(z.enum(leftOutReasons), z.int()),
});
export type ApiGoldenAddition = z.output<typeof goldenAdditionSchema>;
