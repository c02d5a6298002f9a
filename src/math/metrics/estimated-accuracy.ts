import { correctPriors } from '../calibration/prior-shift.ts';
import { normalQuantile } from '../stats/normal-quantile.ts';
import { type ChangedPhotos, fitAccuracyUnderShift } from './accuracy-under-shift.ts';

export interface ConfidenceSample {
  /** [n, K] row-major, calibrated. */
  probabilities: ArrayLike<number>;
  /** Predicted class of each, [n]. */
  answers: ArrayLike<number>;
  /** 1 = out of distribution for the calibration, [n]. @default none */
  strange?: ArrayLike<number>;
}

const leastShare = 1e-6;
/** Share of strange photos, in excess of the reference's, from which on only what changed photos taught counts. */
const wholeShift = 0.2;

/**
 * Accuracy of unlabelled answers: their mean confidence (as in Guillory et al. 2021) after re-estimating the class shares (see
 * `correctPriors`). The interval has three parts: sampling error of the window's truths, sampling error of the calibration reference, and
 * half of the correction's effect, as more than the shares may have shifted.
 * The prior shares are means of the reference's probabilities, not of its labels: with labels, a class missing among 100 photos would be
 * found a hundred times as often.
 * Confidence is uninformative on strange photos. With `changed` the estimate moves to what answers to photos that were changed on purpose
 * taught (see `fitAccuracyUnderShift`), as far as more photos are strange than in the reference; its interval then has two standard deviations
 * between kinds of change. Without, the low end counts the strange photos in excess as wrong.
 * @param window,reference both without labels
 * @param changed of older models: none
 */
export function estimatedAccuracy(
  window: ConfidenceSample,
  reference: ConfidenceSample,
  classes: number,
  changed: readonly ChangedPhotos[] = [],
): { value: number; low: number; high: number; shares: Float64Array; shifted: number } {
  const priors = meanProbabilities(reference.probabilities, classes);
  const { corrected, shares } = correctPriors(window.probabilities, priors);
  const plain = confidences(window, classes);
  const now = confidences({ probabilities: corrected, answers: window.answers }, classes);
  const before = confidences(reference, classes);
  const value = mean(now);
  const moved = (value - mean(plain)) / 2;
  const half = normalQuantile(0.975) * Math.sqrt(chance(now) + chance(before) + moved * moved);
  const strange = window.strange ?? new Uint8Array(plain.length);
  const excess = meanOrNone(strange) - meanOrNone(reference.strange);
  // without an excess nothing of it would count
  const underShift = excess > 0 ? fitAccuracyUnderShift(changed, priors) : null;
  if (underShift === null) {
    const low = value - half - unvouched(now, window.strange, meanOrNone(reference.strange));
    return { value, low: Math.max(0, low), high: Math.min(1, value + half), shares, shifted: 0 };
  }
  const shifted = Math.min(1, excess / wholeShift);
  const { value: other, spread } = underShift({ confidences: plain, answers: window.answers, strange });
  const blend = (1 - shifted) * value + shifted * other;
  const variance = shifted ** 2 * spread ** 2 + (shifted * blend * (1 - blend)) / plain.length;
  const reach = Math.hypot((1 - shifted) * half, 2 * Math.sqrt(variance));
  return { value: blend, low: Math.max(0, blend - reach), high: Math.min(1, blend + reach), shares, shifted };
}

/** Contribution of strange photos in excess of the share `usual` (0..1). */
function unvouched(confidence: Float64Array, strange: ArrayLike<number> | undefined, usual: number): number {
  const share = meanOrNone(strange);
  if (strange === undefined || share <= usual) return 0;
  const added = confidence.reduce((sum, value, i) => sum + value * strange[i]!, 0) / confidence.length;
  return added * (1 - usual / share);
}

const meanOrNone = (values: ArrayLike<number> = []) => (values.length === 0 ? 0 : mean(Float64Array.from(values)));

/** Mean probability of each class: for a calibrated model its share; never 0. */
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
