import { type PermutationOptions, type PermutationTest, permutationTest } from '../stats/permutation.ts';

/** Divergence of two rows of counts, same bins; larger = further apart. */
export type CountDivergence = (p: ArrayLike<number>, q: ArrayLike<number>) => number;

/**
 * Permutation test of a divergence of counts.
 * @param bins of the n observations of one sample, then of the other's, each 0..binCount - 1
 */
export function binnedTest(
  bins: ArrayLike<number>,
  n: number,
  binCount: number,
  divergence: CountDivergence,
  options: PermutationOptions,
): PermutationTest {
  const first = new Float64Array(binCount);
  const second = new Float64Array(binCount);
  const statistic = (isFirst: Uint8Array) => {
    first.fill(0);
    second.fill(0);
    for (let i = 0; i < isFirst.length; i++) (isFirst[i] ? first : second)[bins[i]!]!++;
    return divergence(first, second);
  };
  return permutationTest(n, bins.length - n, statistic, options);
}
