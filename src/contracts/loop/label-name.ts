import { z } from 'zod';
import { recordOf } from '../record-of.ts';

/** Languages of the console. */
export const labelLanguages = ['en', 'ja'] as const;
export type LabelLanguage = (typeof labelLanguages)[number];

/** Of a project: with the names of as many labels, a browser loads 3 MB. */
export const mostLabelNames = 20_000;
export const longestLabelName = 100;

/** What people read instead of a label; null = the label itself. */
export const displayNameSchema = z.object({ en: z.string().nullable(), ja: z.string().nullable() });
export type DisplayName = z.infer<typeof displayNameSchema>;

export const labelNameSchema = displayNameSchema.extend({ label: z.string() });
export type LabelName = z.infer<typeof labelNameSchema>;

/** By label. */
export const displayNamesSchema = recordOf(displayNameSchema);
export type DisplayNames = Readonly<Record<string, DisplayName>>;

export const labelsQuerySchema = z.object({
  named: z
    .stringbool()
    .default(false)
    .describe('Only labels with a display name; otherwise also those of the newest data sets and models'),
});

export const labelsSchema = z.object({ items: z.array(labelNameSchema) });

const name = z.string().max(1_000).nullable().optional();
export const nameLabelsSchema = z.strictObject({
  names: recordOf(z.strictObject({ en: name, ja: name })).describe(
    `By label. A name has at most ${longestLabelName} characters; null removes it, and a language that is left out keeps its name`,
  ),
});
export type NewNames = z.output<typeof nameLabelsSchema>['names'];

export const namedLabelsSchema = z.object({ changed: z.int().describe('Labels whose names are now others') });
