import { join } from 'node:path';
import { z } from 'zod';
import { type Split, splits } from '../../contracts/artifacts/example.ts';
import { preprocessSchema, viewSchema } from '../../contracts/artifacts/signature.ts';

/** `transform.json` of a TransformGraph artifact. */
export const transformFileSchema = z.object({
  format: z.literal('mitate-transform/1'),
  backbone: z.object({
    name: z.string(),
    /** sha256 of `backbone.onnx`. */
    digest: z.string(),
    /** `built-in`, a file name or a URL. */
    source: z.string(),
    taps: z.array(z.object({ name: z.string(), channels: z.int(), height: z.int(), width: z.int() })),
  }),
  preprocess: preprocessSchema,
  views: z.array(viewSchema).min(1),
  embeddingSize: z.int().positive(),
  transformDigest: z.string(),
  /** Photos of each split. */
  counts: z.record(z.enum(splits), z.int().nonnegative()),
});
export type TransformFile = z.infer<typeof transformFileSchema>;

/** Paths in a TransformGraph artifact. */
export const transformFile = (uri: string) => join(uri, 'transform.json');
export const backboneFile = (uri: string) => join(uri, 'backbone.onnx');
/** float32: mean [D], then scale [D]. */
export const standardiserFile = (uri: string) => join(uri, 'standardiser.f32');
/** float32: tap after tap the mean activations [C, H, W], then the mean squared deviations [C, H, W]. */
export const referenceFile = (uri: string) => join(uri, 'reference-activations.f32');
/** float32: rows [D]; row i * views + v is photo i in view v. */
export const embeddingsFile = (uri: string, split: Split) => join(uri, `Split-${split}`, 'embeddings.f32');

/** The embedding cache, for Transform and for `gc`. */
export const embeddingCacheFolder = (cacheDir: string) => join(cacheDir, 'Transform', 'embeddings');
