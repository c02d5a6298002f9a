/**
 * Split conformal prediction with the score 1 - p(true label): LAC (Sadinle, Lei & Wasserman 2019), whose sets are the smallest on average.
 * Photos like the calibration photos have their true label in the set with at least this probability, and at most 1 / (n + 1) more (Vovk et
 * al. 2005), on average over draws of calibration photos that are independent of each other and of the model. Photos of one group, such as
 * near-duplicates, are not: they count as if they were, so that a single model's coverage varies more. Out-of-fold answers are of other heads than
 * the model's: the promise then holds only closely. It is over all photos, not within each label. A set is empty where no label is likely enough, which
 * happens when the model is right more often than promised.
 * @param probabilities [n, K] of the calibration photos, 0..1
 * @param targets label of each, [n]
 * @param coverage 0..1, exclusive
 * @returns the probability from which on a label is in the set; null when there are too few photos for the promise
 */
export function leastProbability(
  probabilities: ArrayLike<number>,
  targets: ArrayLike<number>,
  coverage: number,
): number | null {
  const classes = probabilities.length / targets.length;
  const ofTruth = Float64Array.from(targets, (target, i) => probabilities[i * classes + target]!).sort();
  const outside = allowedOutside(targets.length, 1 - coverage);
  return outside === 0 ? null : ofTruth[outside - 1]!;
}

/**
 * Of n exchangeable numbers and a new one, the new one is below the k-th smallest with probability at most k / (n + 1): the largest k for which
 * that is at most `share`. 0 = there are too few.
 */
export function allowedOutside(n: number, share: number): number {
  // (1 - 0.9) * 10 is 0.9999999999999998
  return Math.floor(share * (n + 1) + 1e-9);
}

/** The fewest photos with which a share (0..1, exclusive) can be promised: 9 for 0.9. */
export const fewestFor = (promised: number) => Math.ceil(1 / (1 - promised) - 1 - 1e-9);
