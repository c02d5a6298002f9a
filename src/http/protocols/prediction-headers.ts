import type { ServedPrediction } from '../../contracts/served-prediction.ts';

/** A prediction beside a body that does not hold it. Labels may be in any script: percent-encoded. */
export function predictionHeaders(prediction: ServedPrediction): Record<string, string> {
  const { id, label, probability, positiveProbability, threshold, probabilities, model, refusal, warning } = prediction;
  return {
    'x-mitate-prediction-id': id,
    'x-mitate-label': encodeURIComponent(label),
    'x-mitate-probability': String(probability),
    ...(positiveProbability !== undefined && { 'x-mitate-positive-probability': String(positiveProbability) }),
    ...(threshold !== undefined && { 'x-mitate-threshold': String(threshold) }),
    ...(refusal && { 'x-mitate-refusal': refusal.reason }),
    ...(warning && { 'x-mitate-warning': warning.reason }),
    'x-mitate-probabilities': encodeURIComponent(JSON.stringify(probabilities)),
    'x-mitate-model': encodeURIComponent(model.version === null ? model.name : `${model.name}@${model.version}`),
  };
}
