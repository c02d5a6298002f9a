import { stateOf, type VerdictState } from '../../parts/verdict.tsx';
import type { RequestAnswer } from './data.ts';

/** Of a question, on which side of its threshold the score is; other models have no good and bad. */
export function answerState(
  request: Pick<RequestAnswer, 'label' | 'uncertain' | 'positiveProbability' | 'threshold'>,
): VerdictState {
  const { label, positiveProbability, threshold } = request;
  const isPositive = positiveProbability !== null && positiveProbability >= (threshold ?? 0.5);
  const positive = positiveProbability === null || label === null ? null : isPositive ? label : '';
  return stateOf(request, positive);
}
