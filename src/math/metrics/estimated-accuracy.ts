import { correctPriors } from '../calibration/prior-shift.ts';
import { normalQuantile } from '../stats/normal-quantile.ts';

export interface ConfidenceSample {
  /** [n, K] row-major, calibrated. */
  probabilities: ArrayLike<number>;
  /** Answered class of each, [n]. */
  answers: ArrayLike<number>;
}

/**
 * Accuracy of answers whose truth is unknown: their average confidence (as in Guillory et al. 2021), after the classes' shares were estimated
 * anew (see `correctPriors`). The interval has three parts: chance in the window's own truths, chance in the reference on which the
 * confidence was calibrated, and half of what the correction moved, as the shift may not be of the shares alone.
 * @param window unlabelled; @param reference labelled: @param targets its true classes
 */
export function estimatedAccuracy(
  window: ConfidenceSample,
  reference: ConfidenceSample,
  targets: ArrayLike<number>,
  classes: number,
): { value: number; low: number; high: number; shares: Float64Array } {
  const priors = smoothedShares(targets, classes);
  const { corrected, shares } = correctPriors(window.probabilities, priors);
  const plain = confidences(window, classes);
  const now = confidences({ probabilities: corrected, answers: window.answers }, classes);
  const before = confidences(reference, classes);
  const value = mean(now);
  const moved = (value - mean(plain)) / 2;
  const half = normalQuantile(0.975) * Math.sqrt(chance(now) + chance(before) + moved * moved);
  return { value, low: Math.max(0, value - half), high: Math.min(1, value + half), shares };
}

function smoothedShares(targets: ArrayLike<number>, classes: number): Float64Array {
  const counts = new Float64Array(classes).fill(0.5);
  for (let i = 0; i < targets.length; i++) counts[targets[i]!]!++;
  return counts.map((count) => count / (targets.length + classes / 2));
}

function confidences({ probabilities, answers }: ConfidenceSample, classes: number): Float64Array {
  return Float64Array.from({ length: answers.length }, (_, i) => probabilities[i * classes + answers[i]!]!);
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Variance of the mean of Bernoulli outcomes of these chances. */
function chance(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * (1 - value), 0) / values.length ** 2;
}
