import { type Loss, weightedMean } from './weighted-mean.ts';

/**
 * Brier score. Binary: mean (p - y)^2, 0..1. Multi-class: mean over examples of the sum over labels of (p - y)^2, 0..2 (Brier 1950).
 */
export const brier: Loss = (probabilities, truths, classes, weights) => {
  const lossOf = (i: number) => {
    let loss = 0;
    for (let k = 0; k < classes; k++) {
      const target = classes === 1 ? truths[i]! : Number(truths[i] === k);
      loss += (probabilities[i * classes + k]! - target) ** 2;
    }
    return loss;
  };
  return weightedMean(truths.length, lossOf, weights);
};
