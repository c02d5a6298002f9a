import { similarHashes } from '../../vision/similar-hashes.ts';
import { minCorrelation, type ThumbnailedPhoto, thumbnails } from './near-duplicate-groups.ts';
import { correlation, normalise } from './thumbnail.ts';

type HashedPhoto = ThumbnailedPhoto & { phash: string };

/** A photo to compare with: by its thumbnail (16x16 RGB, base64) or its file. */
export type KnownPhoto = HashedPhoto | { phash: string; thumbnail: string };

/**
 * Which photos look like a known one, by the measure of near-duplicate groups: dHash at most 8 bits apart, correlation of thumbnails at least 0.95.
 * @returns index of the photo -> index of the most similar known one
 */
export async function likeAny(
  photos: readonly HashedPhoto[],
  known: readonly KnownPhoto[],
  cacheDir: string,
  signal: AbortSignal,
): Promise<Map<number, number>> {
  if (known.length === 0) return new Map();
  const pairs = similarHashes([...photos, ...known].map(({ phash }) => phash))
    .filter(({ a, b }) => a < photos.length && b >= photos.length)
    .map(({ a, b }) => ({ a, b: b - photos.length }));
  const vectors = await thumbnails(photos, new Set(pairs.map(({ a }) => a)), cacheDir, signal);
  const knownVectors = await vectorsOf(known, new Set(pairs.map(({ b }) => b)), cacheDir, signal);
  const best = new Map<number, { b: number; similarity: number }>();
  for (const { a, b } of pairs) {
    const similarity = correlation(vectors.get(a)!, knownVectors.get(b)!);
    if (similarity >= minCorrelation && similarity > (best.get(a)?.similarity ?? 0)) best.set(a, { b, similarity });
  }
  return new Map([...best].map(([a, { b }]) => [a, b]));
}

async function vectorsOf(
  known: readonly KnownPhoto[],
  wanted: ReadonlySet<number>,
  cacheDir: string,
  signal: AbortSignal,
): Promise<Map<number, Float32Array>> {
  const files = known.flatMap((photo, i) => ('path' in photo && wanted.has(i) ? [{ ...photo, i }] : []));
  const read = await thumbnails(files, new Set(files.keys()), cacheDir, signal);
  const vectors = new Map(files.map(({ i }, at) => [i, read.get(at)!]));
  for (const [i, photo] of known.entries())
    if (wanted.has(i) && 'thumbnail' in photo) vectors.set(i, normalise(photo.thumbnail));
  return vectors;
}
