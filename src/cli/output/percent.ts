import type { Prediction } from '../../contracts/prediction.ts';
import { safeText } from './safe-text.ts';

type Shown = Prediction & {
  leaning?: string | undefined;
  refusal?: { advice: string } | undefined;
  warning?: { advice: string } | undefined;
};

/**
 * `94.75 % unwell, most likely elm_blight (81.20 %)`: the label and its probability, from `probabilities`: a server of version 0.1 gives another
 * `probability`. Marks a label that the model's threshold chose although its probability is below 0.5, and a photo unlike the training photos.
 */
export function percent(prediction: Shown): string {
  if (prediction.refusal) return `refused: it does not look like the training photos${leaningText(prediction)}`;
  const unlike = prediction.warning ? '; unlike the training photos' : '';
  return labelText(prediction) + classText(prediction) + setText(prediction) + unlike;
}

/** A refused photo's label is no verdict. */
const leaningText = ({ leaning }: Shown) => (leaning === undefined ? '' : ` (leaning ${safeText(leaning)})`);

function labelText({ label, probabilities, probability, classes, leaning }: Shown): string {
  if (leaning !== undefined)
    return `${safeText(label)}, leaning ${safeText(leaning)} (${shareText(probabilities[leaning] ?? probability)})`;
  const share = probabilities[label] ?? probability;
  const against = classes !== undefined && share < 0.5 ? " (by the model's threshold)" : '';
  return `${shareText(share)} ${safeText(label)}${against}`;
}

/** The most probable class behind a question. */
function classText({ classes = {} }: Shown): string {
  const [likeliest] = Object.entries(classes).sort(([, a], [, b]) => b - a);
  return likeliest ? `, most likely ${safeText(likeliest[0])} (${shareText(likeliest[1])})` : '';
}

/** Only when it says more than the label. */
function setText({ labelSet }: Shown): string {
  if (labelSet === undefined || labelSet.length === 1) return '';
  if (labelSet.length === 0) return '; no label is likely enough';
  return `; any of ${labelSet.map(safeText).join(', ')}`;
}

const shareText = (share: number) => `${(100 * share).toFixed(2)} %`;
