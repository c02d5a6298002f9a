import { similarHashes } from '../../../vision/similar-hashes.ts';
import { minCorrelation, type ThumbnailedPhoto, thumbnails } from './near-duplicate-groups.ts';
import { correlation, normalise } from './thumbnail.ts';

type HashedPhoto = ThumbnailedPhoto & { phash: string };

/** A photo that others are compared with: by its thumbnail (16x16 RGB, base64), or by its file. */
export type KnownPhoto = HashedPhoto | { phash: string; thumbnail: string };

/**
 * Which photos look like one of those that are known, by the measure that makes near-duplicate groups: dHash at most 8 bits apart,
 * thumbnails that correlate from 0.95 on.
 * @returns index of the photo -> index of the likest known one
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
  const best = new Map<number, { b: number; likeness: number }>();
  for (const { a, b } of pairs) {
    const likeness = correlation(vectors.get(a)!, knownVectors.get(b)!);
    if (likeness >= minCorrelation && likeness > (best.get(a)?.likeness ?? 0)) best.set(a, { b, likeness });
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
  const read = await thumbnails(files, files.keys(), cacheDir, signal);
  const vectors = new Map(files.map(({ i }, at) => [i, read.get(at)!]));
  for (const i of wanted) {
    const photo = known[i]!;
    if ('thumbnail' in photo) vectors.set(i, normalise(photo.thumbnail));
  }
  return vectors;
}
