import type { IntervalJson } from '../../contracts/artifacts/evaluation.ts';
import { bootstrap } from '../../math/stats/bootstrap.ts';
import { wilsonInterval } from '../../math/stats/proportion.ts';
import type { MeasureOptions } from './measure.ts';

/** A number of each example, [N], and which examples its mean is of: 1, else 0. */
export interface Mean {
  values: ArrayLike<number>;
  of: ArrayLike<number>;
  /** Values are 0..most. Unknown: an interval without width stays so. */
  most?: number;
}

/**
 * Means with 95 % intervals over groups: the bootstrap's, and of shares (`most` 1), and of means without width, at least Wilson's on the
 * number of groups: no number between 0 and `most` varies more than one that is either. Null without examples.
 */
export function means<K extends string>(wanted: Record<K, Mean>, options: MeasureOptions): Record<K, IntervalJson> {
  const names = Object.keys(wanted) as K[];
  const { groups } = options;
  const measured = bootstrap(
    groups.length,
    (weights) => Object.fromEntries(names.map((name) => [name, mean(wanted[name], weights)])) as Record<K, number>,
    options,
  );
  const intervals = names.map((name) => {
    const { value, low, high } = measured[name];
    const { of, most } = wanted[name];
    if (Number.isNaN(value)) return [name, { value: null, low: null, high: null }];
    if (most === undefined || (most !== 1 && low < high)) return [name, { value, low, high }];
    const count = new Set(Array.from(groups).filter((_, i) => of[i] === 1)).size;
    const wilson = wilsonInterval((value / most) * count, count);
    return [name, { value, low: Math.min(low, most * wilson.low), high: Math.max(high, most * wilson.high) }];
  });
  return Object.fromEntries(intervals) as Record<K, IntervalJson>;
}

function mean({ values, of }: Mean, weights: Float64Array | undefined): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < of.length; i++) {
    const weight = of[i]! * (weights?.[i] ?? 1);
    sum += weight * values[i]!;
    total += weight;
  }
  return total === 0 ? Number.NaN : sum / total;
}

/** Examples of a label or of an attribute's value, [N]: 1, else 0. */
export interface Part {
  by: string;
  value: string;
  isInside: Uint8Array;
}

/** Each label, then each value of the attributes. */
export function partsOf(
  { labels, truths }: { labels: readonly string[]; truths: Int32Array },
  examples: readonly { attributes: Readonly<Record<string, string>> }[],
  sliceBy: readonly string[],
): Part[] {
  const inside = (is: (i: number) => boolean) => Uint8Array.from(truths, (_, i) => Number(is(i)));
  return [
    ...labels.map((value, k) => ({ by: 'label', value, isInside: inside((i) => truths[i] === k) })),
    ...sliceBy.flatMap((by) => {
      const values = [...new Set(examples.flatMap(({ attributes }) => attributes[by] ?? []))].sort();
      return values.map((value) => ({ by, value, isInside: inside((i) => examples[i]!.attributes[by] === value) }));
    }),
  ];
}
