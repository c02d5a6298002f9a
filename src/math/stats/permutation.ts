import { Random } from './random.ts';

export interface PermutationTest {
  statistic: number;
  /** (1 + permutations with a statistic at least as large) / (1 + permutations): valid at any number of them (Phipson & Smyth 2010). */
  p: number;
}

export interface PermutationOptions {
  seed: number | string;
  /** @default 1000 */
  permutations?: number;
}

/** Statistics closer than this count as equal: sums in another order differ in their last bits. */
const relative = 1e-12;

/**
 * Permutation test of two samples, one-sided: large statistics speak against their being alike.
 * @param n,m sizes of the samples
 * @param statistic of an assignment [n + m]: 1 = first sample. The first n are 1 in what was observed
 */
export function permutationTest(
  n: number,
  m: number,
  statistic: (isFirst: Uint8Array) => number,
  { seed, permutations = 1000 }: PermutationOptions,
): PermutationTest {
  const random = new Random(seed);
  const isFirst = new Uint8Array(n + m).fill(1, 0, n);
  const observed = statistic(isFirst);
  const atLeast = observed - relative * Math.abs(observed);
  let count = 0;
  for (let i = 0; i < permutations; i++) if (statistic(random.shuffle(isFirst)) >= atLeast) count++;
  return { statistic: observed, p: (1 + count) / (1 + permutations) };
}
