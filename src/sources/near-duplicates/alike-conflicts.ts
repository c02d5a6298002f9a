import type { ExamplesSummary } from '../../contracts/artifacts/example.ts';
import { similarHashes } from '../../vision/similar-hashes.ts';
import type { Photo } from '../scan/scan.ts';
import { CappedUnion } from './capped-union.ts';
import { minCorrelation, thumbnails } from './near-duplicate-groups.ts';
import { correlation } from './thumbnail.ts';

/** Groups of photos under several labels that look alike, as one photo does that was saved again. @param photos in order of digests */
export async function alikeConflicts(
  photos: readonly Photo[],
  { cacheDir, signal }: { cacheDir: string; signal: AbortSignal },
): Promise<ExamplesSummary['alikeConflicts']> {
  const pairs = similarHashes(photos.map(({ phash }) => phash)).filter(
    ({ a, b }) => photos[a]?.label !== photos[b]?.label,
  );
  const vectors = await thumbnails(photos, new Set(pairs.flatMap(({ a, b }) => [a, b])), cacheDir, signal);
  const alike = pairs.filter(({ a, b }) => correlation(vectors.get(a)!, vectors.get(b)!) >= minCorrelation);
  const union = new CappedUnion(photos.map(() => photos.length));
  for (const { a, b } of alike) union.join(a, b, { capped: false });
  const members = [...new Set(alike.flatMap(({ a, b }) => [a, b]))].sort((a, b) => a - b);
  return [...Map.groupBy(members, (i) => union.find(i)).values()].map((group) => {
    const found = group.flatMap((i) => photos[i] ?? []);
    return {
      labels: [...new Set(found.map(({ label }) => label))].sort(),
      photos: found.map(({ sha256, filename, label }) => ({ sha256, filename, label })),
    };
  });
}
