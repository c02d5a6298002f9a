import { recordFrom } from '../../codecs/record-from.ts';
import type { Drift } from '../../contracts/artifacts/anomalies.ts';
import type { Split } from '../../contracts/artifacts/example.ts';
import { numericNames, type SplitStatistics, type Statistics } from '../../contracts/artifacts/statistics.ts';
import { countsDiffer } from '../../math/drift/g-test.ts';
import { jsDistance } from '../../math/drift/js-divergence.ts';
import { ksCritical, ksOfHistograms } from '../../math/drift/ks.ts';
import { type Evidence, splitsOf } from './report.ts';

/** Probability that unchanged data is reported as drifted, over all properties together. */
const alpha = 0.01;

/** Distances of each split from the same split of the previous span. Sticky splits keep them comparable. */
export function driftSincePrevious({ statistics, previous, schema }: Evidence): Drift[] {
  if (previous === null) return [];
  return splitsOf(statistics).flatMap(([split, now]) => {
    const before = previous.splits[split];
    if (before === undefined) return [];
    return [
      ...propertyDistances('property', split, now, before, statistics, schema.drift.property, previous),
      labelDistance(split, now, before, schema.drift.labels),
      ...attributeDistances(split, now, before, schema.drift.labels),
    ];
  });
}

/** Distances of eval and test from train, which should have the same distribution. */
export function skewBetweenSplits({ statistics, schema }: Evidence): Drift[] {
  const { train } = statistics.splits;
  if (train === undefined) return [];
  return splitsOf(statistics)
    .filter(([split]) => split !== 'train')
    .flatMap(([split, now]) => propertyDistances('split', split, now, train, statistics, schema.drift.splits));
}

function propertyDistances(
  kind: Drift['kind'],
  split: Split,
  now: SplitStatistics,
  before: SplitStatistics,
  statistics: Statistics,
  limit: number,
  previous: Statistics = statistics,
): Drift[] {
  const critical = ksCritical(now.count, before.count, alpha / numericNames.length);
  return numericNames
    .filter((name) => sameEdges(statistics.bins[name], previous.bins[name]))
    .map((name) => {
      const distance = ksOfHistograms(now.numeric[name].histogram, before.numeric[name].histogram);
      const drifted = distance > limit && distance > critical;
      return { kind, subject: name, split, measure: 'kolmogorov-smirnov', distance: round(distance), limit, drifted };
    });
}

/** Statistics of an older version may have other bins, which cannot be compared. */
function sameEdges(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((edge, i) => edge === b[i]);
}

function labelDistance(split: Split, now: SplitStatistics, before: SplitStatistics, limit: number): Drift {
  const counts = (part: SplitStatistics) =>
    recordFrom(Object.entries(part.labels).map(([label, { count }]) => [label, count]));
  return { kind: 'labels', subject: 'labels', split, ...compareCounts(counts(now), counts(before), limit) };
}

function attributeDistances(split: Split, now: SplitStatistics, before: SplitStatistics, limit: number): Drift[] {
  return Object.keys(now.attributes).flatMap((name): Drift[] => {
    const [p, q] = [allValues(now, name), allValues(before, name)];
    return p && q ? [{ kind: 'attribute', subject: name, split, ...compareCounts(p, q, limit) }] : [];
  });
}

/** Counts of an attribute's values; null for identifiers, which have more values than are recorded and always differ. */
function allValues(part: SplitStatistics, name: string): Record<string, number> | null {
  const attribute = part.attributes[name];
  return attribute && Object.keys(attribute.values).length === attribute.distinct ? attribute.values : null;
}

function compareCounts(p: Record<string, number>, q: Record<string, number>, limit: number) {
  const names = [...new Set([...Object.keys(p), ...Object.keys(q)])].sort();
  const [now, before] = [p, q].map((counts) => names.map((name) => counts[name] ?? 0)) as [number[], number[]];
  const distance = jsDistance(now, before);
  const drifted = distance > limit && countsDiffer(now, before, alpha);
  return { measure: 'jensen-shannon' as const, distance: round(distance), limit, drifted };
}

const round = (value: number) => Math.round(value * 1e4) / 1e4;
