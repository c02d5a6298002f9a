/** How often each label was given to one unit: `[index of the label, times]`, without zeros. */
export type Ratings = readonly (readonly [label: number, times: number])[];

export interface Alpha {
  /** 1 = all agree, 0 = as by chance, below 0 = less; NaN when only one label was given, or no unit has two ratings. */
  value: number;
  /** Disagreement expected by chance, 0..1. */
  expected: number;
}

/**
 * Krippendorff's alpha of nominal labels, for any number of labellers and missing ratings: 1 - observed / expected disagreement
 * (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability"). Units with one rating do not count.
 * @param weights of the units [N], for resamples
 * @returns of all labels, and of each label against the others [labels]
 */
export function krippendorffAlpha(
  units: readonly Ratings[],
  labels: number,
  weights?: ArrayLike<number>,
): { all: Alpha; each: Alpha[] } {
  const observed = new Float64Array(labels);
  const totals = new Float64Array(labels);
  let ratings = 0;
  units.forEach((unit, i) => {
    const size = unit.reduce((sum, [, times]) => sum + times, 0);
    const weight = weights?.[i] ?? 1;
    if (size < 2 || weight === 0) return;
    ratings += weight * size;
    for (const [label, times] of unit) {
      totals[label]! += weight * times;
      observed[label]! += (weight * times * (size - times)) / (size - 1);
    }
  });
  const expected = totals.map((total) => (total * (ratings - total)) / (ratings - 1));
  const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
  const alpha = (seen: number, byChance: number): Alpha => ({
    value: byChance > 0 ? 1 - seen / byChance : Number.NaN,
    expected: byChance / ratings,
  });
  return {
    all: alpha(sum(observed), sum(expected)),
    // a label against the others: both kinds of disagreement are the same pairs
    each: Array.from(observed, (seen, label) => alpha(2 * seen, 2 * expected[label]!)),
  };
}
