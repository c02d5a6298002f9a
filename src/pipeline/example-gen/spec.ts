import { z } from 'zod';
import type { ComponentSpec } from '../../contracts/component.ts';

const share = z.number().nonnegative().finite();

/** Relative sizes of the splits; 0 omits a split. */
const splitRatiosSchema = z
  .object({ train: share.default(8), eval: share.default(1), test: share.default(1) })
  .refine((ratios) => ratios.train + ratios.eval + ratios.test > 0, { message: 'at least one share must be above 0' })
  .prefault({});
export type SplitRatios = z.output<typeof splitRatiosSchema>;

/** What keeps photos of one object in one split. */
const groupBySchema = z
  .union([z.enum(['none', 'near-duplicate']), z.object({ attribute: z.string().min(1) })])
  .default('near-duplicate');
export type GroupBy = z.output<typeof groupBySchema>;

/** Limits on what an archive may expand to, measured while reading, not taken from its headers. */
const limitsSchema = z
  .object({
    maxBytes: z
      .int()
      .positive()
      .default(8 * 2 ** 30)
      .describe('Expanded bytes of an archive, or bytes of all downloads or of all photos in a bucket.'),
    maxEntries: z
      .int()
      .positive()
      .default(50_000)
      .describe('Entries of a ZIP, URLs of a manifest, or photos in a bucket.'),
  })
  .prefault({});

const parameters = z.object({
  source: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .describe(
      'Folder with a subfolder per label, the same below `s3://bucket/prefix`, ZIP, CSV or JSONL manifest, TFRecord file or folder of shards; or a list of these, in which later sources correct the labels of earlier ones. May contain `{SPAN}`, `{SPAN:04}` (zero-padded to that width) and `{VERSION}`.',
    ),
  test: z
    .string()
    .min(1)
    .optional()
    .describe('A second source that becomes the whole test split; `source` is then split into train and eval only.'),
  corrections: z
    .string()
    .min(1)
    .optional()
    .describe(
      'JSON Lines file of corrected labels, as `mitate data relabel` writes it; they replace those of `source` and `test`. No file = none yet.',
    ),
  splits: splitRatiosSchema.describe('Relative sizes of the splits; 0 omits a split.'),
  splitSalt: z.string().default('').describe('Salt of the hash that assigns splits: another salt gives other splits.'),
  groupBy: groupBySchema.describe(
    'How photos of one object are kept in one split: by similarity, by an attribute, or not at all.',
  ),
  allowUrls: z.boolean().default(false).describe('Allow http(s) URLs of public hosts in manifests.'),
  maxRejectedShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe('Share of rejected files, 0..1, above which the run stops.'),
  span: z
    .union([z.literal('latest'), z.literal('all'), z.int().nonnegative(), z.strictObject({ last: z.int().positive() })])
    .default('latest')
    .describe('Which spans of a source with `{SPAN}` to read; `all` of them, or the `last` ones, together.'),
  limits: limitsSchema.describe('Limits on archives, downloads and buckets, measured while reading.'),
});
export type ExampleGenParameters = z.output<typeof parameters>;

/** Photos in, examples out: read, checked, deduplicated, grouped, split, written as gzip TFRecord shards. */
export const exampleGenSpec = {
  name: 'ExampleGen',
  version: '1',
  seeded: false,
  capabilities: ['golden', 'erasures'],
  inputs: {
    /** The examples of this step's previous run, for sticky splits and span numbers. */
    previous: { type: 'Examples', optional: true, history: { key: 'examples' } },
  },
  outputs: { examples: { type: 'Examples' } },
  parameters,
} as const satisfies ComponentSpec;
