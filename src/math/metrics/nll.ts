import { type Loss, weightedMean } from './weighted-mean.ts';

/** Lower bound of probabilities: one confident wrong answer must not make the mean infinite. */
const smallestProbability = 1e-7;

/** Mean negative log-likelihood, nats. Probabilities are clipped to [1e-7, 1 - 1e-7]. */
export const nll: Loss = (probabilities, truths, classes, weights) => {
  const lossOf = (i: number) => {
    const p = probabilities[classes === 1 ? i : i * classes + truths[i]!]!;
    const ofTruth = classes === 1 && !truths[i] ? 1 - p : p;
    return -Math.log(Math.min(1 - smallestProbability, Math.max(smallestProbability, ofTruth)));
  };
  return weightedMean(truths.length, lossOf, weights);
};
