export interface SuspiciousLabel {
  /** Place in the input. */
  index: number;
  given: number;
  suggested: number;
  /** p(given) - p(suggested), -1..0: the lower, the more suspicious. */
  margin: number;
}

/**
 * Labels that out-of-fold probabilities contradict, most suspicious first: confident learning (Northcutt, Jiang & Chuang 2021). A label's
 * threshold is the mean probability that its own examples get for it; an example is suspicious when, among the labels whose threshold
 * its probability reaches, the most probable is not the given one. Ordered by normalised margin.
 * @param probabilities out of fold, [N, K]
 * @param given label indexes, [N]
 */
export function suspiciousLabels(
  probabilities: ArrayLike<number>,
  given: ArrayLike<number>,
  classes: number,
): SuspiciousLabel[] {
  const thresholds = selfConfidence(probabilities, given, classes);
  const found: SuspiciousLabel[] = [];
  for (let index = 0; index < given.length; index++) {
    const row = index * classes;
    let suggested = -1;
    for (let k = 0; k < classes; k++) {
      if (probabilities[row + k] < thresholds[k]) continue;
      if (suggested < 0 || probabilities[row + k] > probabilities[row + suggested]) suggested = k;
    }
    if (suggested < 0 || suggested === given[index]) continue;
    const margin = probabilities[row + given[index]] - probabilities[row + suggested];
    if (margin < 0) found.push({ index, given: given[index], suggested, margin });
  }
  return found.sort((a, b) => a.margin - b.margin || a.index - b.index);
}

/** Mean probability of each label over the examples that carry it, [K]; Infinity for a label without examples. */
function selfConfidence(probabilities: ArrayLike<number>, given: ArrayLike<number>, classes: number): Float64Array {
  const sums = new Float64Array(classes);
  const counts = new Float64Array(classes);
  for (let i = 0; i < given.length; i++) {
    sums[given[i]] += probabilities[i * classes + given[i]];
    counts[given[i]]++;
  }
  return sums.map((sum, k) => (counts[k] ? sum / counts[k] : Number.POSITIVE_INFINITY));
}
