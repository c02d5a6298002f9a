import { correctPriors } from '../calibration/prior-shift.ts';
import { normalQuantile } from '../stats/normal-quantile.ts';

export interface ConfidenceSample {
  /** [n, K] row-major, calibrated. */
  probabilities: ArrayLike<number>;
  /** Answered class of each, [n]. */
  answers: ArrayLike<number>;
  /** 1 = unlike the photos that the confidence was calibrated on, [n]. @default none is */
  strange?: ArrayLike<number>;
}

const leastShare = 1e-6;

/**
 * Accuracy of answers whose truth is unknown: their average confidence (as in Guillory et al. 2021), after the classes' shares were estimated
 * anew (see `correctPriors`). The interval has three parts: chance in the window's own truths, chance in the reference on which the
 * confidence was calibrated, and half of what the correction moved, as the shift may not be of the shares alone.
 * The shares before are the means of the reference's probabilities, not of its labels: with those, a label that 100 photos happen not to show
 * would be found a hundred times as often.
 * Of strange photos confidence says nothing: blurred leaves were answered with 99.8 % confidence, and 81 % of the answers were right. So the low end
 * takes those that are more than the reference has as wrong.
 * @param window,reference both without labels
 */
export function estimatedAccuracy(
  window: ConfidenceSample,
  reference: ConfidenceSample,
  classes: number,
): { value: number; low: number; high: number; shares: Float64Array } {
  const priors = meanProbabilities(reference.probabilities, classes);
  const { corrected, shares } = correctPriors(window.probabilities, priors);
  const plain = confidences(window, classes);
  const now = confidences({ probabilities: corrected, answers: window.answers }, classes);
  const before = confidences(reference, classes);
  const value = mean(now);
  const moved = (value - mean(plain)) / 2;
  const half = normalQuantile(0.975) * Math.sqrt(chance(now) + chance(before) + moved * moved);
  const low = value - half - unvouched(now, window.strange, meanOrNone(reference.strange));
  return { value, low: Math.max(0, low), high: Math.min(1, value + half), shares };
}

/** What strange photos add to the estimate, those left out that are `usual` (a share, 0..1). */
function unvouched(confidence: Float64Array, strange: ArrayLike<number> | undefined, usual: number): number {
  const share = meanOrNone(strange);
  if (strange === undefined || share <= usual) return 0;
  const added = confidence.reduce((sum, value, i) => sum + value * strange[i]!, 0) / confidence.length;
  return added * (1 - usual / share);
}

const meanOrNone = (values: ArrayLike<number> = []) => (values.length === 0 ? 0 : mean(Float64Array.from(values)));

/** Mean probability of each class: of a calibrated model its share, and never 0. */
function meanProbabilities(probabilities: ArrayLike<number>, classes: number): Float64Array {
  const means = new Float64Array(classes);
  const rows = probabilities.length / classes;
  for (let i = 0; i < probabilities.length; i++) means[i % classes]! += probabilities[i]! / rows;
  return means.map((mean) => Math.max(mean, leastShare));
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
