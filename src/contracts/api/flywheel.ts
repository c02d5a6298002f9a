import { z } from 'zod';
import { nameSchema } from '../access.ts';
import { flywheelPolicySchema, type flywheelSpanSchema, leftOutReasons } from '../loop/flywheel.ts';
import { goldenExampleSchema, goldenSetSchema } from '../loop/golden.ts';
import { pageQuerySchema } from './page.ts';

export const exportFlywheelSchema = flywheelPolicySchema.strict();
export type ExportFlywheel = z.input<typeof exportFlywheelSchema>;

export const spansQuerySchema = pageQuerySchema.extend({ endpoint: z.string().max(64).optional() });
export type SpansQuery = z.input<typeof spansQuerySchema>;

export type ApiFlywheelSpan = z.output<typeof flywheelSpanSchema>;

export const apiGoldenSetSchema = goldenSetSchema.extend({
  folder: z.string().describe('Folder per label on the server: a source for the `test` of ExampleGen'),
});
export type ApiGoldenSet = z.output<typeof apiGoldenSetSchema>;

export const apiGoldenExampleSchema = goldenExampleSchema.omit({ phash: true, thumbnail: true });
export type ApiGoldenExample = z.output<typeof apiGoldenExampleSchema>;

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
  added: z.array(apiGoldenExampleSchema),
  known: z.int(),
  leftOut: z.partialRecord(z.enum(leftOutReasons), z.int()),
});
export type ApiGoldenAddition = z.output<typeof goldenAdditionSchema>;
