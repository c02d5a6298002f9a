import { recordFrom } from '../../codecs/record-from.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import type { AttributeStatistics, LabelStatistics, SplitStatistics } from '../../contracts/artifacts/statistics.ts';
import { countByKey, groupByKey } from '../../math/stats/group-by-key.ts';
import { similarHashes } from '../../vision/similar-hashes.ts';
import { summarise } from './summarise.ts';

const mostValues = 100;
const mostSmallest = 20;

/** Statistics of one split. @param examples at least one */
export function splitStatistics(examples: readonly Example[], nearDuplicateDistance: number): SplitStatistics {
  const groups = groupByKey(examples, (example) => example.group);
  const alone = [...groups.values()].filter((members) => members.length === 1).length;
  const labels = groupByKey(examples, (example) => example.label);
  return {
    count: examples.length,
    groups: groups.size,
    grouped: examples.length - alone,
    nearDuplicates: countNearDuplicates(examples, nearDuplicateDistance),
    formats: countByKey(examples, (example) => example.format),
    numeric: summarise(examples),
    labels: recordFrom([...labels].map(([label, members]) => [label, labelStatistics(members)])),
    attributes: attributeStatistics(examples),
    smallest: smallest(examples),
  };
}

function labelStatistics(examples: readonly Example[]): LabelStatistics {
  return {
    count: examples.length,
    groups: new Set(examples.map((example) => example.group)).size,
    formats: countByKey(examples, (example) => example.format),
    numeric: summarise(examples),
  };
}

function countNearDuplicates(examples: readonly Example[], distance: number): number {
  const near = new Set<number>();
  for (const pair of similarHashes(examples.map((example) => example.phash)))
    if (pair.distance <= distance) near.add(pair.a).add(pair.b);
  return near.size;
}

function attributeStatistics(examples: readonly Example[]): Record<string, AttributeStatistics> {
  const pairs = examples.flatMap((example) => Object.entries(example.attributes));
  const byName = groupByKey(pairs, ([name]) => name);
  return recordFrom(
    [...byName].map(([name, members]) => [name, summariseValues(countByKey(members, ([, value]) => value))]),
  );
}

function summariseValues(counts: Record<string, number>): AttributeStatistics {
  const entries = Object.entries(counts);
  const frequent = new Set(
    [...entries]
      .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
      .slice(0, mostValues)
      .map(([value]) => value),
  );
  return {
    present: entries.reduce((sum, [, count]) => sum + count, 0),
    distinct: entries.length,
    values: recordFrom(entries.filter(([value]) => frequent.has(value))),
  };
}

function smallest(examples: readonly Example[]): SplitStatistics['smallest'] {
  return examples
    .map(({ filename, properties: { width, height } }) => ({ filename, width, height }))
    .sort((a, b) => Math.min(a.width, a.height) - Math.min(b.width, b.height) || (a.filename < b.filename ? -1 : 1))
    .slice(0, mostSmallest);
}
