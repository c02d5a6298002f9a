import { Random } from '../stats/random.ts';

export interface ReliabilityBin {
  /** Mean confidence, 0..1. */
  confidence: number;
  /** Share that came true, 0..1. */
  accuracy: number;
  count: number;
}

/**
 * Equal-mass bins of confidence against what came true.
 * @param confidences 0..1, [N]
 * @param correct 1 or 0, [N]
 * @param bins default 15; fewer when N is smaller
 */
export function reliability(confidences: ArrayLike<number>, correct: ArrayLike<number>, bins = 15): ReliabilityBin[] {
  const order = Uint32Array.from({ length: confidences.length }, (_, i) => i).sort(
    (a, b) => confidences[a] - confidences[b] || a - b,
  );
  const count = Math.min(bins, order.length);
  return Array.from({ length: count }, (_, bin) => {
    const members = order.subarray(
      Math.floor((bin * order.length) / count),
      Math.floor(((bin + 1) * order.length) / count),
    );
    let confidence = 0;
    let accuracy = 0;
    for (const i of members) {
      confidence += confidences[i];
      accuracy += correct[i];
    }
    return { confidence: confidence / members.length, accuracy: accuracy / members.length, count: members.length };
  });
}

/**
 * Expected calibration error, 15 equal-mass bins: mean over examples of |confidence - accuracy| of their bin (Naeini et al. 2015; equal
 * mass as Nguyen & O'Connor 2015). 0..1.
 */
export function expectedCalibrationError(
  confidences: ArrayLike<number>,
  correct: ArrayLike<number>,
  bins = 15,
): number {
  let sum = 0;
  for (const bin of reliability(confidences, correct, bins)) sum += bin.count * Math.abs(bin.confidence - bin.accuracy);
  return sum / confidences.length;
}

/**
 * The calibration error that a perfectly calibrated model with these confidences shows at this N: truth is drawn from each confidence,
 * mean over `draws`. Subtract it before you blame a model.
 */
export function calibrationErrorFloor(confidences: ArrayLike<number>, seed: number, draws = 200, bins = 15): number {
  const random = new Random(seed);
  const correct = new Uint8Array(confidences.length);
  let sum = 0;
  for (let draw = 0; draw < draws; draw++) {
    for (let i = 0; i < correct.length; i++) correct[i] = Number(random.float() < confidences[i]);
    sum += expectedCalibrationError(confidences, correct, bins);
  }
  return sum / draws;
}
