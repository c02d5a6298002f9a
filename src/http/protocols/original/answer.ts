import { scoreOf } from '../../../contracts/prediction.ts';
import type { ServedPrediction } from '../../../contracts/served-prediction.ts';

/**
 * `POST /predict/`: of a question's answer to one photo; never "uncertain". The original system's rule is P > 0.5, whatever the model's threshold,
 * unless the model was asked to keep a sensitivity, a specificity or costs.
 */
export function predictionAnswer(prediction: ServedPrediction): { prediction: 'healthy' | 'unwell' } {
  const { threshold, thresholdRule } = prediction;
  const score = scoreOf(prediction);
  const isPositive = thresholdRule && threshold !== undefined ? score >= threshold : score > 0.5;
  return { prediction: isPositive ? 'unwell' : 'healthy' };
}

/** `POST /explain/` and `GET /test-predict`: P(positive) of one photo, in percent with two decimals. */
export function probabilityAnswer(prediction: ServedPrediction): { 'probability of unwellness': string } {
  return { 'probability of unwellness': `${(100 * scoreOf(prediction)).toFixed(2)}%` };
}
