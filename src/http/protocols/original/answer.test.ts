import { expect, it } from 'vitest';
import type { ServedPrediction } from '../../../contracts/served-prediction.ts';
import { predictionAnswer } from './answer.ts';

it("compares with 0.5 as the original system did, unless the model's threshold keeps a promise or costs", () => {
  const prediction = { positiveProbability: 0.3, probability: 0.3, threshold: 0.1 } as ServedPrediction;
  expect(predictionAnswer(prediction)).toEqual({ prediction: 'healthy' });
  expect(predictionAnswer({ ...prediction, thresholdRule: { sensitivity: 0.9 } })).toEqual({ prediction: 'unwell' });
});
