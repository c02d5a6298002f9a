import { z } from 'zod';
import type { ComponentSpec } from '../../contracts/component.ts';

const share = z.number().nonnegative().finite();

/** Relative sizes of the splits. A share of 0 leaves the split out. */
const splitRatiosSchema = z
  .object({ train: share.default(8), eval: share.default(1), test: share.default(1) })
  .refine((ratios) => ratios.train + ratios.eval + ratios.test > 0, { message: 'one share at least must be above 0' })
  .prefault({});
export type SplitRatios = z.output<typeof splitRatiosSchema>;

/** What keeps photos of one object in one split. */
const groupBySchema = z
  .union([z.enum(['none', 'near-duplicate']), z.object({ attribute: z.string().min(1) })])
  .default('near-duplicate');
export type GroupBy = z.output<typeof groupBySchema>;

/** Bounds on what an archive may expand to, as really read, not as its headers say. */
const limitsSchema = z
  .object({
    maxBytes: z
      .int()
      .positive()
      .default(8 * 2 ** 30)
      .describe('Expanded bytes of one archive, or of all downloads or photos of a bucket.'),
    maxEntries: z
      .int()
      .positive()
      .default(50_000)
      .describe('Entries of one ZIP, URLs of one manifest, or photos of a bucket.'),
  })
  .prefault({});

const parameters = z.object({
  source: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .describe(
      'Folder per label, or `s3://bucket/prefix` with the same below it, ZIP, CSV or JSONL manifest, TFRecord file or folder of shards; or a list of them, in which the later knows better. May hold `{SPAN}`, `{SPAN:04}` (zero-padded to that width), `{VERSION}`.',
    ),
  test: z
    .string()
    .min(1)
    .optional()
    .describe('A second source that is the test split as a whole; the first is then split into train and eval only.'),
  splits: splitRatiosSchema.describe('Relative sizes of the splits. A share of 0 leaves the split out.'),
  splitSalt: z.string().default('').describe("Goes into the split's hash: another text gives another split."),
  groupBy: groupBySchema.describe('What keeps photos of one object in one split: looks, an attribute, or nothing.'),
  allowUrls: z.boolean().default(false).describe('Manifests may name http(s) URLs of public hosts.'),
  maxRejectedShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe('Rejected files / all files above which the run stops. 0..1.'),
  span: z
    .union([z.literal('latest'), z.literal('all'), z.int().nonnegative(), z.strictObject({ last: z.int().positive() })])
    .default('latest')
    .describe('Which span a source with `{SPAN}` takes; `all` of them, or the `last` ones, together.'),
  limits: limitsSchema.describe('Bounds on what an archive may expand to, as really read, not as its headers say.'),
});
export type ExampleGenParameters = z.output<typeof parameters>;

/** Photos in, examples out: read, checked, deduplicated, grouped, split, written as gzip TFRecord shards. */
export const exampleGenSpec = {
  name: 'ExampleGen',
  version: '1',
  seeded: false,
  capabilities: ['golden', 'erasures'],
  inputs: {
    /** The examples of this step's run before: splits are sticky, spans count up. */
    previous: { type: 'Examples', optional: true, history: { key: 'examples' } },
  },
  outputs: { examples: { type: 'Examples' } },
  parameters,
} as const satisfies ComponentSpec;
