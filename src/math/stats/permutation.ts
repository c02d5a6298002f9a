import { Random } from './random.ts';

export interface PermutationTest {
  statistic: number;
  /** Probability of a statistic at least as large under the null hypothesis; valid for any number of permutations. */
  p: number;
  permutations: number;
}

export interface PermutationOptions {
  seed: number | string;
  /** Maximum number of permutations. @default 1000 */
  permutations?: number;
  /** Tests whether the statistic, a distance, exceeds this rather than 0 (triangle inequality). @default 0 */
  tolerance?: number;
  /** Called with each drawn statistic. */
  onDraw?: ((statistic: number) => void) | undefined;
}

/** Relative tolerance of equal statistics: sums in another order differ in their last bits. */
const relative = 1e-12;
/** Stops after so many larger statistics: the relative error of p is a fifth, and similar samples take 40 permutations instead of 1,000. */
const enough = 20;

/**
 * Permutation test, one-sided: large statistics are evidence against the null hypothesis. p is (1 + larger ones) / (1 + drawn) (Phipson & Smyth
 * 2010), or larger ones / drawn where it stopped at the 20th (Besag & Clifford 1991).
 * @param assignment what is shuffled between draws, in place; as observed at the start
 * @param statistic of the assignment as it stands
 * @throws RangeError when the statistic is NaN
 */
export function permute<T>(
  assignment: T,
  statistic: (assignment: T) => number,
  shuffle: (assignment: T, random: Random) => void,
  { seed, permutations = 1000, tolerance = 0, onDraw }: PermutationOptions,
): PermutationTest {
  const random = new Random(seed);
  const observed = statistic(assignment);
  // No draw is >= NaN: p would be the smallest possible.
  if (Number.isNaN(observed)) throw new RangeError('the statistic is NaN');
  const atLeast = observed - relative * Math.abs(observed) - tolerance;
  let larger = 0;
  for (let drawn = 1; drawn <= permutations; drawn++) {
    shuffle(assignment, random);
    const chance = statistic(assignment);
    onDraw?.(chance);
    if (chance >= atLeast) larger++;
    if (larger === enough) return { statistic: observed, p: larger / drawn, permutations: drawn };
  }
  return { statistic: observed, p: (1 + larger) / (1 + permutations), permutations };
}

/**
 * Of two samples.
 * @param n,m their sizes
 * @param statistic of an assignment [n + m]: 1 = first sample. The first n are 1 in what was observed
 */
export function permutationTest(
  n: number,
  m: number,
  statistic: (isFirst: Uint8Array) => number,
  options: PermutationOptions,
): PermutationTest {
  const isFirst = new Uint8Array(n + m).fill(1, 0, n);
  return permute(isFirst, statistic, (assignment, random) => random.shuffle(assignment), options);
}
