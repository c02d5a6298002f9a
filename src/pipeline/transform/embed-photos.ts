import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readIndex } from '../../artifacts/examples/read-examples.ts';
import { findImage, type Photo, readPhotos } from '../../artifacts/examples/read-photos.ts';
import { embeddingsFile } from '../../artifacts/transform-graph/files.ts';
import type { Example, Split } from '../../contracts/artifacts/example.ts';
import type { View } from '../../contracts/artifacts/signature.ts';
import { isMitateError, MitateError } from '../../errors/index.ts';
import type { EmbeddingCache } from '../../inference/embeddings/embedding-cache.ts';
import type { InferencePool } from '../../inference/inference-pool.ts';
import { mapOrdered } from '../../inference/map-ordered.ts';

export interface EmbedOptions {
  examplesUri: string;
  outputUri: string;
  views: View[];
  pool: InferencePool;
  cache: EmbeddingCache;
  /** Photos processed at once. */
  window: number;
  signal: AbortSignal;
  onPhoto(): void;
}

/** Writes `Split-<split>/embeddings.f32`. @returns the number of photos, and of those taken from the cache */
export async function embedSplit(split: Split, options: EmbedOptions): Promise<{ photos: number; cached: number }> {
  const { cache, views } = options;
  const examples = await readIndex(options.examplesUri, split);
  const isCached = ({ sha256 }: Example) => views.every((view) => cache.has({ sha256, view }));
  const cached = examples.filter(isCached).length;
  const photos = readPhotos(options.examplesUri, split, (example) => !isCached(example));
  const path = embeddingsFile(options.outputUri, split);
  await mkdir(dirname(path), { recursive: true });
  await using file = await open(path, 'w');
  const embedded = mapOrdered<Photo, Float32Array[]>(photos, options.window, (photo) => embedPhoto(photo, options));
  for await (const vectors of embedded) {
    for (const vector of vectors) await file.write(vector);
    options.onPhoto();
    if (options.signal.aborted) throw new MitateError('CANCELLED', {});
  }
  return { photos: examples.length, cached };
}

async function embedPhoto(photo: Photo, options: EmbedOptions): Promise<Float32Array[]> {
  const { cache, views } = options;
  const { sha256 } = photo.example;
  const found = await Promise.all(views.map((view) => cache.get({ sha256, view })));
  const missing = views.filter((_, v) => !found[v]);
  if (missing.length === 0) return found as Float32Array[];
  const fresh = await compute(photo, missing, options);
  await Promise.all(missing.map((view, m) => cache.put({ sha256, view }, fresh[m]!)));
  return views.map((view, v) => found[v] ?? fresh[missing.indexOf(view)]!);
}

async function compute({ example, image }: Photo, views: View[], options: EmbedOptions): Promise<Float32Array[]> {
  const { filename, sha256 } = example;
  try {
    const bytes = image ?? (await findImage(options.examplesUri, example));
    return await options.pool.embed(bytes, views, { signal: options.signal, subject: filename });
  } catch (cause) {
    if (isMitateError(cause, 'CANCELLED') || isMitateError(cause, 'INFERENCE_PROCESS_FAILED_TO_START')) throw cause;
    throw new MitateError('TRANSFORM_PHOTO_FAILED', { filename, sha256, reason: (cause as Error).message }, { cause });
  }
}
