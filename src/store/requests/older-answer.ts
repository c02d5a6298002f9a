import type { Prediction } from '../../contracts/prediction.ts';

type Response = Prediction & { leaning?: string };

/** Of the log. Version 0.1 gave a question's P(positive) as `probability`, whatever the label. */
export function readResponse(json: string | undefined | null): (Response & Record<string, unknown>) | null {
  if (json === undefined || json === null) return null;
  const response = JSON.parse(json) as Response & Record<string, unknown>;
  const { label, leaning = label, probability, probabilities, classes, positiveProbability } = response;
  if (classes === undefined || positiveProbability !== undefined) return response;
  return { ...response, probability: probabilities[leaning] ?? probability, positiveProbability: probability };
}

/**
 * The label's probability and P(positive) of a row; also of one that version 0.1 wrote, with P(positive) in `probability`.
 * @param answer the response to this row, or for a shadow the one to the client: says which label is the positive one
 */
export function probabilitiesOf<
  T extends { label: string | null; probability: number | null; positiveProbability: number | null },
>(
  { label, probability, positiveProbability }: T,
  answer: Response | null,
): Pick<T, 'probability' | 'positiveProbability'> {
  const isOlder = probability !== null && positiveProbability === null && answer?.positiveProbability !== undefined;
  if (!isOlder) return { probability, positiveProbability };
  const [positive] =
    Object.entries(answer.probabilities).find(([, value]) => value === answer.positiveProbability) ?? [];
  return { probability: label === positive ? probability : 1 - probability, positiveProbability: probability };
}
