import { z } from 'zod';
import { nameSchema } from '../access.ts';
import { flywheelPolicySchema, leftOutReasons } from '../loop/flywheel.ts';
import { goldenExampleSchema, goldenSetSchema } from '../loop/golden.ts';
import { pageQuerySchema } from './page.ts';

export const exportFlywheelSchema = flywheelPolicySchema.strict();

export const spansQuerySchema = pageQuerySchema.extend({ endpoint: z.string().max(64).optional() });

export const apiGoldenSetSchema = goldenSetSchema.extend({
  folder: z.string().describe('Folder per label on the server: a source for the `test` of ExampleGen'),
});

export const apiGoldenExampleSchema = goldenExampleSchema.omit({ phash: true, thumbnail: true });

export const addGoldenSchema = z.strictObject({
  set: nameSchema,
  endpoint: z.string().max(64).describe('Whose labelled requests'),
  requests: z
    .array(z.uuid())
    .min(1)
    .max(1_000)
    .optional()
    .describe('Only these; default: all with a label and a kept photo'),
  minConfirmations: z.int().min(1).max(100).default(1).describe('Number of labellers that agree'),
});

export const goldenAdditionSchema = z.object({
  added: z.array(apiGoldenExampleSchema),
  known: z.int(),
  leftOut: z.partialRecord(z.enum(leftOutReasons), z.int()),
});
