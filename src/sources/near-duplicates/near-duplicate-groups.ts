import { join } from 'node:path';
import { forEachConcurrent } from '../../network/concurrent.ts';
import { type HashPair, similarHashes } from '../../vision/similar-hashes.ts';
import { LineCache } from '../cache/line-cache.ts';
import type { Photo } from '../scan/scan.ts';
import { CappedUnion } from './capped-union.ts';
import { correlation, normalise, thumbnailOf } from './thumbnail.ts';

/**
 * On PlantVillage the 8 pairs at most 3 bits apart show 8 different leaves; of the 1,259 at most 8 bits apart, the 5 that
 * correlate above 0.95 all show one leaf twice, and those from 0.90 to 0.943 do not.
 */
export const minCorrelation = 0.95;
/** A group that chains beyond this share of its label is not one object. */
const maxShareOfLabel = 0.02;
/** Small labels: ten shots of one leaf may still be a group. */
const smallestCap = 10;

const inFlight = 8;

export type ThumbnailedPhoto = Pick<Photo, 'sha256' | 'path'>;

/** Normalised thumbnails of the wanted photos, by their index. */
export async function thumbnails(
  photos: readonly ThumbnailedPhoto[],
  wanted: ReadonlySet<number>,
  cacheDir: string,
  signal: AbortSignal,
): Promise<Map<number, Float32Array>> {
  const cache = await LineCache.open<string>(join(cacheDir, 'thumbnails'), 'thumbnails/1');
  const vectors = new Map<number, Float32Array>();
  const all = [...photos.entries()].filter(([i]) => wanted.has(i));
  await forEachConcurrent(all, inFlight, signal, async ([i, { sha256, path }]) => {
    const thumbnail = cache.get(sha256) ?? (await thumbnailOf(path));
    if (cache.get(sha256) === undefined) cache.set(sha256, thumbnail);
    vectors.set(i, normalise(thumbnail));
  });
  await cache.save();
  return vectors;
}

function caps(photos: Photo[]): number[] {
  const perLabel = new Map<string, number>();
  for (const { label } of photos) perLabel.set(label, (perLabel.get(label) ?? 0) + 1);
  return photos.map(({ label }) => Math.max(smallestCap, Math.ceil(maxShareOfLabel * perLabel.get(label)!)));
}

function joinGiven(photos: Photo[], union: CappedUnion): void {
  const first = new Map<string, number>();
  for (const [i, { givenGroup }] of photos.entries()) {
    if (givenGroup === undefined) continue;
    const before = first.get(givenGroup);
    if (before === undefined) first.set(givenGroup, i);
    else union.join(before, i, { capped: false });
  }
}

/**
 * Groups of photos that look alike: dHash at most 8 bits apart, confirmed by the correlation of 16x16 RGB thumbnails; pairs are joined into chains, the
 * most similar first, up to a cap. Photos that the source put in one group stay together. Two photos of one leaf from two sides are not
 * near-duplicates.
 * @param photos in an order that does not depend on the run
 * @returns for each photo the index of the first of its group
 */
export async function nearDuplicateGroups(photos: Photo[], cacheDir: string, signal: AbortSignal): Promise<number[]> {
  const pairs = similarHashes(photos.map(({ phash }) => phash));
  const vectors = await thumbnails(photos, new Set(pairs.flatMap(({ a, b }) => [a, b])), cacheDir, signal);
  const similarityOf = ({ a, b }: HashPair) => correlation(vectors.get(a)!, vectors.get(b)!);
  const compared = pairs.map((pair) => ({ ...pair, similarity: similarityOf(pair) }));
  const union = new CappedUnion(caps(photos));
  joinGiven(photos, union);
  for (const { a, b } of compared
    .filter((pair) => pair.similarity >= minCorrelation)
    .sort((x, y) => y.similarity - x.similarity || x.a - y.a || x.b - y.b)) {
    union.join(a, b, { capped: true });
  }
  return photos.map((_, i) => union.find(i));
}
