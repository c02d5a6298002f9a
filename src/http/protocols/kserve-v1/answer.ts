import type { PredictResponse, ServedExplanation, ServedPrediction } from '../../../contracts/served-prediction.ts';

export function predictAnswer({ predictions }: PredictResponse): { predictions: ServedPrediction[] } {
  return { predictions };
}

/** Both lists in the order of the instances. */
export function explainAnswer(explained: readonly ServedExplanation[]): {
  predictions: ServedPrediction[];
  explanations: Omit<ServedExplanation, 'prediction'>[];
} {
  return {
    predictions: explained.map(({ prediction }) => prediction),
    explanations: explained.map(({ prediction: _, ...explanation }) => explanation),
  };
}
