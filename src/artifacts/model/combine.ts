import { recordFrom } from '../../codecs/record-from.ts';
import type { EndpointSettings } from '../../contracts/endpoint.ts';
import type { Combined, ServedPrediction } from '../../contracts/served-prediction.ts';

type Photo = Pick<
  ServedPrediction,
  'label' | 'leaning' | 'positiveProbability' | 'threshold' | 'probabilities' | 'refusal'
>;

/** So that a logarithm is finite. */
const smallest = 1e-12;

/**
 * One answer of several photos of one subject, all of one model: the mean of their log-odds, or of the logarithms of the labels' probabilities,
 * normalised (logarithmic opinion pool with equal weights; Genest & Zidek 1986). The weights sum to 1, so that n photos count as one
 * witness and the answer is never surer than its surest photo: photos of one plant by one camera are wrong together. Calibrated if they
 * always are, too cautious if they are not; a product would claim that they never are. Refused photos are left out.
 * @param abstain the endpoint's band of uncertain answers
 * @returns null when no photo is left
 */
export function combine(photos: readonly Photo[], abstain: EndpointSettings['abstain']): Combined | null {
  const used = photos.filter(({ refusal, probabilities }) => !refusal && Object.keys(probabilities).length > 0);
  const [first] = used;
  if (!first) return null;
  const labels = Object.keys(first.probabilities);
  const logs = labels.map((label) =>
    mean(used.map((photo) => Math.log(Math.max(smallest, photo.probabilities[label]!)))),
  );
  const sum = logs.reduce((total, log) => total + Math.exp(log), 0);
  const probabilities = recordFrom(labels.map((label, k) => [label, Math.exp(logs[k]!) / sum]));
  const positive = positiveName(first);
  const answered = positive === null ? likeliest(probabilities) : ofQuestion(probabilities, positive, first.threshold!);
  const score = answered.positiveProbability ?? answered.probability;
  const isUncertain = abstain !== null && score >= abstain.low && score <= abstain.high;
  return {
    ...answered,
    ...(isUncertain && { label: 'uncertain', leaning: answered.label }),
    probabilities,
    photos: used.length,
  };
}

/** Null for a multi-class task. */
function positiveName({ label, leaning = label, positiveProbability, threshold, probabilities }: Photo): string | null {
  if (positiveProbability === undefined || threshold === undefined) return null;
  if (positiveProbability >= threshold) return leaning;
  return Object.keys(probabilities).find((name) => name !== leaning) ?? null;
}

function likeliest(probabilities: Record<string, number>) {
  const [label, probability] = Object.entries(probabilities).reduce((best, each) => (each[1] > best[1] ? each : best));
  return { label, probability, positiveProbability: undefined };
}

function ofQuestion(probabilities: Record<string, number>, positive: string, threshold: number) {
  const positiveProbability = probabilities[positive]!;
  const negative = Object.keys(probabilities).find((name) => name !== positive)!;
  const label = positiveProbability >= threshold ? positive : negative;
  return { label, probability: probabilities[label]!, positiveProbability, threshold };
}

const mean = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length;
