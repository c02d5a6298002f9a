import type { ExamplesSummary } from '../../contracts/artifacts/example.ts';
import type { GoldenPhoto } from '../../contracts/loop/golden.ts';
import { likeAny } from '../../sources/near-duplicates/like-any.ts';
import type { Photo } from '../../sources/scan/scan.ts';
import { byCodeUnit } from '../../sources/source-path.ts';

type Grouped = Photo & { group: string };

/** Leaves out photos that are golden, look like a golden photo, or share a group with such a photo: nothing golden is trained on. */
export async function leaveOutGolden<T extends Grouped>(
  photos: readonly T[],
  golden: readonly GoldenPhoto[],
  { cacheDir, signal }: { cacheDir: string; signal: AbortSignal },
): Promise<{ kept: T[]; leftOut: ExamplesSummary['leftOutForGolden'] }> {
  if (golden.length === 0) return { kept: [...photos], leftOut: [] };
  const digests = new Set(golden.map(({ sha256 }) => sha256));
  const alike = await likeAny(photos, golden, cacheDir, signal);
  const isGolden = ({ sha256 }: Photo, i: number) => digests.has(sha256) || alike.has(i);
  const groups = new Set(photos.filter(isGolden).map(({ group }) => group));
  const leftOut = photos
    .filter(({ group }) => groups.has(group))
    .map(({ sha256, filename, group }) => ({ sha256, filename, group }))
    .sort((a, b) => byCodeUnit(a.filename, b.filename));
  return { kept: photos.filter(({ group }) => !groups.has(group)), leftOut };
}
