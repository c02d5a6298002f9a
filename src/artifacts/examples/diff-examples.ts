import type { DataDiff } from '../../contracts/api/data-diff.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import { type NumericName, numericNames } from '../../contracts/artifacts/statistics.ts';
import { countsDiffer } from '../../math/drift/g-test.ts';
import { jsDistance } from '../../math/drift/js-divergence.ts';
import { effectSize, type Sample } from '../../math/stats/effect-size.ts';

/** Probability that equal balance is reported as different. */
const alpha = 0.01;
/** Cohen's "small": less is not worth a look. */
const smallEffect = 0.2;

export interface PhotoChanges {
  unchanged: number;
  added: Example[];
  removed: Example[];
  relabelled: { sha256: string; filename: string; from: string; to: string }[];
  moved: DataDiff['moved']['first'];
}

/** Photos are the same when their bytes are. */
export function photoChanges(from: readonly Example[], to: readonly Example[]): PhotoChanges {
  const before = new Map(from.map((example) => [example.sha256, example]));
  const after = new Set(to.map(({ sha256 }) => sha256));
  const kept = to.flatMap((now) => {
    const then = before.get(now.sha256);
    return then ? [{ sha256: now.sha256, filename: now.filename, then, now }] : [];
  });
  const changesOf = <K extends 'label' | 'split'>(key: K) =>
    kept
      .filter(({ then, now }) => then[key] !== now[key])
      .map(({ sha256, filename, then, now }) => ({ sha256, filename, from: then[key], to: now[key] }));
  return {
    unchanged: kept.filter(({ then, now }) => then.label === now.label && then.split === now.split).length,
    added: to.filter(({ sha256 }) => !before.has(sha256)),
    removed: from.filter(({ sha256 }) => !after.has(sha256)),
    relabelled: changesOf('label'),
    moved: changesOf('split'),
  };
}

/** Counts per label, and how far their shares are apart. */
export function balanceChange(from: readonly Example[], to: readonly Example[]): Pick<DataDiff, 'labels' | 'balance'> {
  const names = [...new Set([...from, ...to].map(({ label }) => label))].sort();
  const [before, after] = [from, to].map((examples) => {
    const counts = new Map<string, number>();
    for (const { label } of examples) counts.set(label, (counts.get(label) ?? 0) + 1);
    return names.map((label) => counts.get(label) ?? 0);
  }) as [number[], number[]];
  return {
    labels: names.map((label, i) => ({ label, from: before[i]!, to: after[i]! })),
    balance: {
      distance: from.length === 0 || to.length === 0 ? null : jsDistance(after, before),
      differs: countsDiffer(
        after,
        before,
        alpha,
        differenceVariance(from, to, ({ label }) => label),
      ),
    },
  };
}

/** The image properties, by the size of their change. */
export function propertyChanges(from: readonly Example[], to: readonly Example[]): DataDiff['properties'] {
  const variance = differenceVariance(from, to);
  const meanOf = ({ count, mean }: Sample) => (count === 0 ? null : mean);
  const changes = numericNames.map((name) => {
    const [before, after] = [sampleOf(from, name), sampleOf(to, name)];
    const effect = effectSize(before, after, variance);
    const moved = effect !== null && Math.abs(effect.value) >= smallEffect && effect.low * effect.high > 0;
    return { name, from: meanOf(before), to: meanOf(after), effect, moved };
  });
  const size = ({ effect }: DataDiff['properties'][number]) => Math.abs(effect?.value ?? 0);
  return changes.sort((a, b) => size(b) - size(a));
}

function sampleOf(examples: readonly Example[], name: NumericName): Sample {
  const values = examples.map((each) => (name === 'sizeBytes' ? each.sizeBytes : each.properties[name]));
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  return { count, mean, deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count) };
}

/**
 * Variance of the difference of two means, in variances of a photo: those that are in both sets vary together. With n and m photos, k of them in
 * both: (n - k) / n^2 + (m - k) / m^2 + k (1 / n - 1 / m)^2.
 * @param same photos in both count as one when this is equal, too
 */
function differenceVariance(
  from: readonly Example[],
  to: readonly Example[],
  same: (example: Example) => unknown = () => null,
): number {
  const [n, m] = [from.length, to.length];
  const before = new Map(from.map((example) => [example.sha256, same(example)]));
  const both = to.filter(
    (example) => before.has(example.sha256) && before.get(example.sha256) === same(example),
  ).length;
  return (n - both) / n ** 2 + (m - both) / m ** 2 + both * (1 / n - 1 / m) ** 2;
}
