import { z } from 'zod';
import { calibrationErrorFloor, expectedCalibrationError } from '../../math/metrics/calibration-error.ts';
import { weightedShare } from '../../math/metrics/weighted-share.ts';
import { defineMonitor } from './monitor-kind.ts';
import { answerConfidence, seenLabels, topIds } from './movers.ts';

const points = (value: number) => `${value > 0 ? '+' : ''}${(100 * value).toFixed(1)}`;

/** Calibration in the large: mean confidence less the accuracy by labels, weighted as `measured-accuracy` is. */
export const calibration = defineMonitor({
  kind: 'calibration',
  about: 'whether confidence is as high as the share of correct answers among labelled requests',
  remedy: 'Train again with the new labels: until then, choose thresholds by labels and not by confidence.',
  parameters: z.object({
    /** Largest difference that is no breach, 0..1. */
    tolerance: z.number().min(0).max(1).default(0.05),
  }),
  isDrift: false,
  uses: ({ truth, label, probabilities }) =>
    truth !== null && truth.weight > 0 && label !== null && probabilities !== null,
  judge({ window, parameters: { tolerance }, labels = seenLabels(window) }) {
    const confidence = window.map((each) => answerConfidence(each, labels));
    const right = window.map(({ label, truth }) => Number(label === truth!.label));
    const weights = window.map(({ truth }) => truth!.weight);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const mean = confidence.reduce((sum, value, i) => sum + weights[i]! * value, 0) / total;
    const accuracy = weightedShare(right, weights);
    const [gap, low, high] = [mean - accuracy.value, mean - accuracy.high, mean - accuracy.low];
    return {
      // the whole interval: a few labels show no more than a few labels can
      isBreach: low > tolerance || high < -tolerance,
      statistic: gap,
      p: null,
      threshold: tolerance,
      interval: { low, high },
      said: `confidence less accuracy ${points(gap)} points (${points(low)} to ${points(high)}) on ${window.length} labelled requests`,
      movers: topIds(window, (_, i) => Math.sign(gap) * (confidence[i]! - right[i]!)),
      details: {
        labelled: window.length,
        confidence: mean,
        accuracy: accuracy.value,
        expectedCalibrationError: expectedCalibrationError(confidence, right, 15, weights),
        errorByChance: calibrationErrorFloor(confidence, 1, 50),
      },
    };
  },
});
