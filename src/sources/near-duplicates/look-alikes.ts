import { similarHashes } from '../../vision/similar-hashes.ts';
import { minCorrelation, type ThumbnailedPhoto, thumbnails } from './near-duplicate-groups.ts';
import { correlation } from './thumbnail.ts';

/**
 * For each photo the index of the first one that it looks like and that is itself kept; its own index when there is none. Unlike groups these do not
 * chain: a photo is dropped only in favour of one that is kept.
 */
export async function lookAlikes(
  photos: readonly (ThumbnailedPhoto & { phash: string })[],
  cacheDir: string,
  signal: AbortSignal,
): Promise<number[]> {
  const pairs = similarHashes(photos.map(({ phash }) => phash));
  const vectors = await thumbnails(photos, new Set(pairs.flatMap(({ a, b }) => [a, b])), cacheDir, signal);
  const first = photos.map((_, i) => i);
  for (const { a, b } of pairs)
    if (first[a] === a && first[b] === b && correlation(vectors.get(a)!, vectors.get(b)!) >= minCorrelation)
      first[b] = a;
  return first;
}
