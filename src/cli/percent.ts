import type { Prediction } from '../contracts/prediction.ts';
import { safeText } from './safe-text.ts';

/** `94.75 % unwell`: of a question, its answer with that answer's probability; else the label with its own. */
export function percent({ label, probabilities, probability }: Prediction): string {
  return `${(100 * (probabilities[label] ?? probability)).toFixed(2)} % ${safeText(label)}`;
}
