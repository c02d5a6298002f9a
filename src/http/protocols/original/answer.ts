import { scoreOf } from '../../../contracts/prediction.ts';
import type { ServedPrediction } from '../../../contracts/served-prediction.ts';

/** The original system's rule, whatever the threshold of the model; it never returns "uncertain". */
const threshold = 0.5;

/** `POST /predict/`: of a question's answer to one photo. */
export function predictionAnswer(prediction: ServedPrediction): { prediction: 'healthy' | 'unwell' } {
  return { prediction: scoreOf(prediction) > threshold ? 'unwell' : 'healthy' };
}

/** `POST /explain/` and `GET /test-predict`: P(positive) of one photo, in percent with two decimals. */
export function probabilityAnswer(prediction: ServedPrediction): { 'probability of unwellness': string } {
  return { 'probability of unwellness': `${(100 * scoreOf(prediction)).toFixed(2)}%` };
}
