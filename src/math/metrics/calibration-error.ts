import { Random } from '../stats/random.ts';
import { descending } from './order.ts';

export interface ReliabilityBin {
  /** Mean confidence, 0..1. */
  confidence: number;
  /** Share that was correct, 0..1. */
  accuracy: number;
  count: number;
}

/**
 * Equal-mass bins of confidence against correctness, from least to most confident; empty bins are left out.
 * @param confidences 0..1, [N]
 * @param correct 1 or 0, [N]
 * @param bins default 15; fewer when N is smaller
 * @param weights how often each example counts, >= 0; default 1
 * @param order `descending(confidences)`, when the caller has it
 */
export function reliability(
  confidences: ArrayLike<number>,
  correct: ArrayLike<number>,
  bins = 15,
  weights?: ArrayLike<number>,
  order = descending(confidences),
): ReliabilityBin[] {
  const size = order.length;
  let total = weights ? 0 : size;
  if (weights) for (let i = 0; i < size; i++) total += weights[i]!;
  const count = Math.min(bins, size);
  const found = Array.from({ length: count }, () => ({ confidence: 0, accuracy: 0, count: 0 }));
  let seen = 0;
  for (let place = size - 1; place >= 0; place--) {
    const i = order[place]!;
    const weight = weights?.[i] ?? 1;
    if (weight === 0) continue;
    const bin = found[Math.floor(((seen + weight / 2) * count) / total)]!;
    bin.confidence += weight * confidences[i]!;
    bin.accuracy += weight * correct[i]!;
    bin.count += weight;
    seen += weight;
  }
  return found
    .filter((bin) => bin.count > 0)
    .map((bin) => ({ confidence: bin.confidence / bin.count, accuracy: bin.accuracy / bin.count, count: bin.count }));
}

/**
 * Expected calibration error, 15 equal-mass bins: mean over examples of |confidence - accuracy| of their bin (Naeini et al. 2015; equal
 * mass as Nguyen & O'Connor 2015). 0..1.
 */
export function expectedCalibrationError(
  confidences: ArrayLike<number>,
  correct: ArrayLike<number>,
  bins = 15,
  weights?: ArrayLike<number>,
  order?: Uint32Array,
): number {
  let sum = 0;
  let total = 0;
  for (const bin of reliability(confidences, correct, bins, weights, order)) {
    sum += bin.count * Math.abs(bin.confidence - bin.accuracy);
    total += bin.count;
  }
  return sum / total;
}

/**
 * The calibration error of a perfectly calibrated model with these confidences at this N: truths are drawn from the confidences, mean over
 * `draws`. Subtract it before you judge a model.
 */
export function calibrationErrorFloor(confidences: ArrayLike<number>, seed: number, draws = 200, bins = 15): number {
  const random = new Random(seed);
  const order = descending(confidences);
  const correct = new Uint8Array(confidences.length);
  let sum = 0;
  for (let draw = 0; draw < draws; draw++) {
    for (let i = 0; i < correct.length; i++) correct[i] = Number(random.float() < confidences[i]!);
    sum += expectedCalibrationError(confidences, correct, bins, undefined, order);
  }
  return sum / draws;
}
