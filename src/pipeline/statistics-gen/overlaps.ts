import type { Example, Split } from '../../contracts/artifacts/example.ts';
import { splits } from '../../contracts/artifacts/example.ts';
import type { Overlap, Statistics } from '../../contracts/artifacts/statistics.ts';
import { groupByKey } from '../../math/stats/group-by-key.ts';
import { similarHashes } from '../../vision/similar-hashes.ts';

const mostRows = 20;
const mostFilenames = 10;

/** The first 20 rows of a list, and its length. */
export function cutList<T>(rows: readonly T[]): { count: number; first: T[] } {
  return { count: rows.length, first: rows.slice(0, mostRows) };
}

/** Photos or groups that occur in more than one split. */
export function acrossSplits(examples: readonly Example[], idOf: (example: Example) => string): Overlap[] {
  return [...groupByKey(examples, idOf)].flatMap(([id, members]) => {
    const found = new Set<Split>(members.map((member) => member.split));
    if (found.size < 2) return [];
    const filenames = members.map((member) => member.filename).slice(0, mostFilenames);
    return [{ id, splits: splits.filter((split) => found.has(split)), filenames }];
  });
}

/** Photos of different splits that look alike, without those that are in both. */
export function nearDuplicatesAcrossSplits(
  examples: readonly Example[],
  most: number,
): Statistics['nearDuplicatesAcrossSplits'] {
  const hashes = examples.map((example) => example.phash);
  const rows: Statistics['nearDuplicatesAcrossSplits']['first'] = [];
  let count = 0;
  for (const { a, b, distance } of similarHashes(hashes)) {
    const [one, other] = [examples[a], examples[b]];
    if (!one || !other || distance > most || one.split === other.split || one.sha256 === other.sha256) continue;
    count++;
    if (rows.length < mostRows)
      rows.push({ distance, splits: [one.split, other.split], filenames: [one.filename, other.filename] });
  }
  return { count, first: rows };
}
