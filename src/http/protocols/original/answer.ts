import type { PredictResponse, ServedPrediction } from '../../../contracts/served-prediction.ts';

/** Above this the original system returns yes, whatever the threshold of the endpoint; it never returns "uncertain". */
const threshold = 0.5;

/** `POST /predict/`: of a question's answer to one photo. */
export function predictionAnswer({ predictions }: PredictResponse): { prediction: 'healthy' | 'unwell' } {
  return { prediction: (predictions[0] as ServedPrediction).probability > threshold ? 'unwell' : 'healthy' };
}

/** `POST /explain/` and `GET /test-predict`: P(positive) of one photo, in percent with two decimals. */
export function probabilityAnswer({ predictions }: PredictResponse): { 'probability of unwellness': string } {
  return { 'probability of unwellness': `${(100 * (predictions[0] as ServedPrediction).probability).toFixed(2)}%` };
}
