import type { IntervalJson } from '../../contracts/artifacts/evaluation.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
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
  isInside: ArrayLike<number>;
}

interface Labelled {
  labels: readonly string[];
  truths: Int32Array;
}
type WithAttributes = Pick<Example, 'attributes'>;

/** Each value of the attributes; photos without the attribute are in no part. */
export function attributeParts(examples: readonly WithAttributes[], sliceBy: readonly string[]): Part[] {
  return sliceBy.flatMap((by) => {
    const values = [...new Set(examples.flatMap(({ attributes }) => attributes[by] ?? []))].sort();
    const isInside = (value: string) => Uint8Array.from(examples, ({ attributes }) => Number(attributes[by] === value));
    return values.map((value) => ({ by, value, isInside: isInside(value) }));
  });
}

function labelParts({ labels, truths }: Labelled): Part[] {
  return labels.map((value, k) => ({ by: 'label', value, isInside: truths.map((truth) => Number(truth === k)) }));
}

/**
 * Means over all examples, within each label, and within each value of the attributes: of the same resamples.
 * @param wanted of the examples, [N]: 1, else 0
 */
export function meansWithin<K extends string>(
  wanted: (inside: ArrayLike<number>) => Record<K, Mean>,
  {
    answers,
    examples,
    sliceBy,
  }: { answers: Labelled; examples: readonly WithAttributes[]; sliceBy: readonly string[] },
  options: MeasureOptions,
): Record<K, IntervalJson> & {
  slices: (Pick<Part, 'by' | 'value'> & { examples: number } & Record<K, IntervalJson>)[];
} {
  const parts = [...labelParts(answers), ...attributeParts(examples, sliceBy)];
  const insides = [new Uint8Array(examples.length).fill(1), ...parts.map(({ isInside }) => isInside)];
  const each = insides.map((inside) => Object.entries<Mean>(wanted(inside)));
  const measured = means(
    Object.fromEntries(each.flatMap((of, i) => of.map(([name, mean]) => [`${i} ${name}`, mean]))),
    options,
  );
  const [whole, ...slices] = each.map(
    (of, i) => Object.fromEntries(of.map(([name]) => [name, measured[`${i} ${name}`]])) as Record<K, IntervalJson>,
  );
  return {
    ...whole!,
    slices: parts.map(({ by, value, isInside }, i) => {
      return { by, value, examples: Array.from(isInside).reduce((sum, is) => sum + is, 0), ...slices[i]! };
    }),
  };
}
