import { z } from 'zod';
import { recordOf } from '../record-of.ts';
import { imageFormatSchema, splitSchema } from './example.ts';
import { numericNameSchema } from './statistics.ts';

const share = z.number().min(0).max(1);

const rangeSchema = z.object({
  min: z.number().describe('Smallest expected value.'),
  max: z.number().describe('Largest expected value.'),
  maxOutside: share.describe(
    'Share of photos of a split, 0..1, that may be outside before a warning; 3 standard deviations are added.',
  ),
});

const attributeSchema = z.object({
  required: z.boolean().describe('A photo without it is an error.'),
  domain: z
    .array(z.string())
    .nullable()
    .describe('Allowed values; any other is an error. null = any text (identifiers, dates).'),
});

/** `schema.json`: requirements for the data. Written by SchemaGen, to be read, edited and committed. */
export const dataSchemaSchema = z.object({
  format: z.literal('mitate-schema/1').describe('Version of this file.'),
  labels: z.object({
    domain: z.array(z.string().min(1)).min(2).describe('Allowed labels. Any other is an error.'),
    required: z.array(z.string()).describe('Labels that must have a photo in each required split, otherwise an error.'),
    maxImbalance: z
      .number()
      .min(1)
      .describe('Ratio of the most frequent to the rarest label in the train split before a warning.'),
  }),
  formats: z.array(imageFormatSchema).min(1).describe('Allowed image formats. Any other is an error.'),
  image: z.object({
    minWidth: z.int().positive().describe('Pixels. A narrower photo is an error.'),
    minHeight: z.int().positive().describe('Pixels. A shorter photo is an error.'),
  }),
  splits: z.object({
    required: z.array(splitSchema).describe('Splits that must have photos, otherwise an error.'),
  }),
  properties: z
    .partialRecord(numericNameSchema, rangeSchema)
    .describe('Expected ranges by image property. Too many photos outside are a warning.'),
  attributes: recordOf(attributeSchema).describe('Attributes of the photos, by name.'),
  limits: z.object({
    maxRejected: share.describe('Share of files, 0..1, that may be unreadable before an error.'),
    maxConflicts: share.describe('Share of photos, 0..1, found under two labels before the warning becomes an error.'),
  }),
  drift: z.object({
    property: share.describe(
      'Kolmogorov-Smirnov distance, 0..1, of a property from the previous span before a warning.',
    ),
    labels: share.describe(
      'Jensen-Shannon distance, 0..1, of the label shares (and of each attribute) from the previous span before a warning.',
    ),
    splits: share.describe(
      'Kolmogorov-Smirnov distance, 0..1, of a property between train and another split before a warning.',
    ),
  }),
});
export type DataSchema = z.infer<typeof dataSchemaSchema>;
