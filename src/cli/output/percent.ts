import type { Prediction } from '../../contracts/prediction.ts';
import { safeText } from './safe-text.ts';

/**
 * `94.75 % unwell`: the label and its probability, from `probabilities`: a server of version 0.1 gives another `probability`. Marks a label that the model's threshold chose although its probability is below 0.5.
 */
export function percent({
  label,
  probabilities,
  probability,
  classes,
  leaning,
}: Prediction & { leaning?: string | undefined }): string {
  if (leaning !== undefined)
    return `${safeText(label)}, leaning ${safeText(leaning)} (${(100 * (probabilities[leaning] ?? probability)).toFixed(2)} %)`;
  const share = probabilities[label] ?? probability;
  const against = classes !== undefined && share < 0.5 ? " (by the model's threshold)" : '';
  return `${(100 * share).toFixed(2)} % ${safeText(label)}${against}`;
}
