import { z } from 'zod';
import { suspectSchema } from '../artifacts/evaluation.ts';
import { exampleSchema, rejectedSchema, splitSchema } from '../artifacts/example.ts';
import { type PhotoMark, photoFlags } from '../artifacts/photo-index.ts';
import { givenInstantSchema, instantSchema } from '../instant.ts';
import { correctionKinds, correctionSchema } from '../loop/correction.ts';
import { recordOf } from '../record-of.ts';
import { pageQuerySchema, pageSchema } from './page.ts';

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'use 64 hexadecimal digits');
const reference = z.string().min(1).max(128);
export const dataSetParams = z.object({
  examples: reference.describe('Id of an Examples artifact or the beginning of it, name of a data set, or `name@span`'),
});

const dataSetSchema = z.object({
  /** Of the Examples artifact. */
  id: z.string(),
  digest: z.string(),
  pipeline: z.string(),
  span: z.int(),
  version: z.int(),
  createdAt: instantSchema,
  photos: z.int(),
  labels: z.int(),
  splits: z.record(splitSchema, z.int()),
  rejected: z.int(),
  /** Newest of its pipeline. */
  isNewest: z.boolean(),
});
export type DataSet = z.input<typeof dataSetSchema>;

export const dataSetsQuerySchema = pageQuerySchema.extend({
  pipeline: z.string().max(128).optional(),
  newest: z.stringbool().default(false).describe('Only the newest of each pipeline'),
});
export const dataSetsSchema = pageSchema(dataSetSchema);

/** A data set with its labels. */
export const dataSetDetailSchema = dataSetSchema.extend({
  /** Photos by label and split. */
  counts: recordOf(z.record(splitSchema, z.int())),
  groupBy: z.enum(['none', 'attribute', 'near-duplicate']),
  duplicates: z.int(),
  conflicts: z.int(),
  relabelled: z.int(),
  /** Decisions that stand. */
  corrections: z.int(),
  /** Of the newest evaluation of it; null = none has searched. */
  suspicious: z.object({ evaluation: z.string(), examined: z.int(), found: z.int(), undecided: z.int() }).nullable(),
  /** The file that the next run reads corrections from; null = the run was not given one. */
  correctionsFile: z.string().nullable(),
});
export type DataSetDetail = z.input<typeof dataSetDetailSchema>;

export const photoMarks = [...(Object.keys(photoFlags) as PhotoMark[]), 'grouped'] as const;

const positions = z
  .string()
  .max(2_000)
  .regex(/^\d{1,9}(,\d{1,9})*$/, 'use positions separated by commas')
  .transform((text) => text.split(',').map(Number))
  .refine((all) => all.length <= 200, 'at most 200');

export const photosQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('At most so many'),
  cursor: z.string().max(200).optional().describe('nextCursor of the page before'),
  label: z.string().max(256).optional(),
  split: splitSchema.optional(),
  mark: z
    .enum(photoMarks)
    .optional()
    .describe('`grouped`: alike or of one object with others; `decided`: somebody kept, corrected or excluded it'),
  group: z.coerce
    .number()
    .int()
    .min(1)
    .max(0xffff_ffff)
    .optional()
    .describe('Number of a group, as `data.index` has it'),
  at: positions.optional().describe('Exactly these positions of `data.index`, whatever the filters'),
});
export type PhotosQuery = z.output<typeof photosQuerySchema>;

const standing = correctionSchema.pick({ id: true, kind: true, label: true, who: true, at: true });

export const dataPhotoSchema = exampleSchema
  .pick({
    sha256: true,
    filename: true,
    label: true,
    split: true,
    attributes: true,
    format: true,
    sizeBytes: true,
    span: true,
  })
  .extend({
    /** Position in `data.index`. */
    at: z.int(),
    /** Number of its group; 0 = alone. */
    group: z.int(),
    width: z.int(),
    height: z.int(),
    suspicious: suspectSchema.pick({ suggested: true, margin: true, confidence: true }).nullable(),
    mistake: z.object({ answer: z.string(), probability: z.number() }).nullable(),
    correction: standing.nullable(),
  });
export type DataPhoto = z.input<typeof dataPhotoSchema>;
export const dataPhotosSchema = pageSchema(dataPhotoSchema).extend({
  /** Photos that pass the filters, in all pages. */
  total: z.int(),
});

export const suspiciousQuerySchema = pageQuerySchema.extend({
  split: splitSchema.optional(),
  decided: z.stringbool().optional().describe('Only those that somebody decided about, or nobody did'),
});
export const suspiciousSchema = pageSchema(dataPhotoSchema).extend({
  evaluation: z.string(),
  /** Labels that were judged. */
  examined: z.int(),
  total: z.int(),
});

export const rejectedQuerySchema = pageQuerySchema.extend({
  code: z.string().max(64).optional().describe('Code of the error catalogue'),
});
export const rejectedFilesSchema = pageSchema(rejectedSchema).extend({
  /** All rejected files, by code. */
  codes: recordOf(z.int()),
  total: z.int(),
});

export const neighboursQuerySchema = z.object({
  data: reference.describe('Data set that has the photo and is searched'),
  label: z.string().max(256).optional().describe('Only photos of this label. Default: of any'),
  other: z.string().max(256).optional().describe('And as many of this one'),
  count: z.coerce.number().int().min(1).max(24).default(6).describe('Of each label, or in all'),
});
export const neighboursSchema = z.object({
  items: z.array(
    dataPhotoSchema.extend({ similarity: z.number().describe('Cosine of the standardised embeddings, -1..1') }),
  ),
});
export type Neighbours = z.input<typeof neighboursSchema>;

export const mapQuerySchema = z.object({
  points: z.coerce.number().int().min(10).max(5_000).default(2_000).describe('About so many photos at most'),
});
export const photoMapSchema = z.object({
  photos: z.int().describe('Of the data set; with more than `points`, the map has those with the smallest sha256'),
  at: z.array(z.int()).describe('Positions of the photos on the map'),
  x: z.array(z.number()).describe('-1..1, in the order of `at`'),
  y: z.array(z.number()),
  explained: z.tuple([z.number(), z.number()]).describe('Share of the variance along each axis'),
});
export type PhotoMap = z.input<typeof photoMapSchema>;

export const mapRequestsQuerySchema = mapQuerySchema.extend({
  endpoint: z.string().max(64),
  from: givenInstantSchema.optional().describe('Inclusive'),
  to: givenInstantSchema.optional().describe('Exclusive'),
  limit: z.coerce.number().int().min(1).max(1_000).default(500).describe('The newest so many'),
});
export const requestsOnMapSchema = z.object({
  items: z.array(
    z.object({
      id: z.uuid().describe('Of the prediction'),
      at: instantSchema,
      model: z.string().describe('`name@version` that answered'),
      label: z.string().nullable(),
      outOfDistribution: z.boolean().describe('Unlike the photos that the model was trained on'),
      x: z
        .number()
        .describe('In the units of `data.map` with as many `points`; beyond -1..1 when unlike all of its photos'),
      y: z.number(),
    }),
  ),
  others: z.int().describe('Requests without a place: of a model on another backbone, or with no numbers kept'),
  explained: z
    .tuple([z.number(), z.number()])
    .nullable()
    .describe(
      'Share of the variance of unseen photos along each axis that the kept numbers tell. Null = no request has a place',
    ),
});
export type RequestsOnMap = z.input<typeof requestsOnMapSchema>;

const answerSchema = z.object({
  request: z.string(),
  at: instantSchema,
  endpoint: z.string(),
  model: z.string(),
  version: z.int().nullable(),
  role: z.string(),
  label: z.string().nullable(),
  probability: z.number().nullable(),
});

/** What is known of a photo, by its bytes. */
export const photoDetailSchema = z.object({
  sha256: z.string(),
  /** The newest data sets that have it. */
  data: z.array(z.object({ examples: z.string(), pipeline: z.string(), photo: dataPhotoSchema })),
  corrections: z.array(correctionSchema),
  /** Logged predictions of it, newest first, at most 50. */
  answers: z.array(answerSchema),
});
export type PhotoDetail = z.input<typeof photoDetailSchema>;

export const photoSizes = [160, 320, 1280] as const;
export const photoImageQuerySchema = z.object({
  size: z
    .enum(['160', '320', '1280'])
    .default('320')
    .transform((size) => Number(size) as (typeof photoSizes)[number])
    .describe('Longest side in pixels; a smaller photo is not enlarged'),
  data: reference.optional().describe('Data set that has it. Default: the newest of each pipeline are searched'),
});

export const correctionsQuerySchema = pageQuerySchema.extend({
  data: reference.optional().describe('Data set; decisions hold for all its spans'),
  sha256: sha256Schema.optional(),
  standing: z.stringbool().default(false).describe('Only those that count now'),
});
export const correctionsSchema = pageSchema(correctionSchema);

const decisionSchema = z
  .object({
    sha256: sha256Schema,
    kind: z.enum(correctionKinds).default('label'),
    label: z.string().min(1).max(256).optional().describe('The right one, with `label`'),
  })
  .refine(({ kind, label }) => (kind === 'label') === (label !== undefined), {
    path: ['label'],
    message: 'a label goes with kind "label", and only with it',
  });
export const addCorrectionsSchema = z.object({
  data: reference.describe('Data set'),
  photos: z
    .array(decisionSchema)
    .min(1)
    .max(1_000)
    .refine((all) => new Set(all.map(({ sha256 }) => sha256)).size === all.length, 'a photo occurs twice'),
  newLabel: z.boolean().default(false).describe('Accept a label that no photo of the data set has'),
  why: z.string().max(500).nullable().default(null),
});
export const addedCorrectionsSchema = z.object({ added: z.array(correctionSchema) });

export const exportCorrectionsSchema = z.object({
  data: reference.optional().describe('Data set. Default: the newest'),
  to: z
    .string()
    .min(1)
    .max(4096)
    .optional()
    .describe('Corrections file, relative to the pipelines folder. Default: the one that the run of the data set read'),
});
export const exportedCorrectionsSchema = z.object({
  examples: z.string(),
  /** Absolute path. */
  file: z.string(),
  /** The run that made the data set reads this file: run it again. */
  isRead: z.boolean(),
  /** Decisions in the file after the export. */
  relabelled: z.int(),
  excluded: z.int(),
  /** Lines that changed. */
  changed: z.int(),
  /** How to make the new span; null = it is not known how the data set was made. */
  command: z.string().nullable(),
});
export type ExportedCorrections = z.input<typeof exportedCorrectionsSchema>;
