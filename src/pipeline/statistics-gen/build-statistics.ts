import { type Example, type ExamplesSummary, type Rejected, splits } from '../../contracts/artifacts/example.ts';
import type { Statistics } from '../../contracts/artifacts/statistics.ts';
import { countByKey, groupByKey } from '../../math/stats/group-by-key.ts';
import { bins } from './bins.ts';
import { acrossSplits, cutList, nearDuplicatesAcrossSplits } from './overlaps.ts';
import { splitStatistics } from './split-statistics.ts';

/** Statistics of an Examples artifact. @param distance bits up to which two perceptual hashes count as near duplicates */
export function buildStatistics(
  examples: readonly Example[],
  summary: ExamplesSummary,
  rejected: readonly Rejected[],
  distance: number,
): Statistics {
  const bySplit = groupByKey(examples, (example) => example.split);
  const present = splits.filter((split) => bySplit.has(split));
  return {
    format: 'mitate-statistics/1',
    span: summary.span,
    version: summary.version,
    groupBy: summary.groupBy,
    nearDuplicateDistance: distance,
    bins: Object.fromEntries(Object.entries(bins).map(([name, edges]) => [name, [...edges]])) as Statistics['bins'],
    splits: Object.fromEntries(present.map((split) => [split, splitStatistics(bySplit.get(split)!, distance)])),
    rejected: { count: rejected.length, codes: countByKey(rejected, (row) => row.code) },
    duplicates: cutList(summary.duplicates),
    conflicts: cutList(summary.conflicts),
    alikeConflicts: cutList(
      summary.alikeConflicts.map(({ labels, photos }) => ({ labels, photos: photos.slice(0, 10) })),
    ),
    emptyLabels: summary.emptyLabels,
    photosAcrossSplits: cutList(acrossSplits(examples, (example) => example.sha256)),
    groupsAcrossSplits: cutList(acrossSplits(examples, (example) => example.group)),
    nearDuplicatesAcrossSplits: nearDuplicatesAcrossSplits(examples, distance),
  };
}
