import { recordFrom } from '../../codecs/record-from.ts';
import type { Signature } from '../../contracts/artifacts/signature.ts';
import type { Prediction } from '../../contracts/prediction.ts';
import { positiveLabels } from '../../contracts/task.ts';

/**
 * The answer of a model's numbers.
 * @param probabilities [K] in the order of `signature.labels`, each 0..1
 * @returns for a question: its positive or negative name, P(positive), the threshold, and the classes behind it; else the likeliest label
 */
export function answer(
  probabilities: ArrayLike<number>,
  signature: Pick<Signature, 'labels' | 'task' | 'threshold' | 'labelSets'>,
): Prediction {
  const { labels, task, threshold, labelSets } = signature;
  const classes = recordFrom(labels.map((label, k) => [label, probabilities[k]!]));
  const set = labelSets && { labelSet: labelSet(probabilities, labels, labelSets.leastProbability) };
  if (task.kind === 'multiclass') return { ...likeliest(probabilities, labels), probabilities: classes, ...set };
  const positive = positiveProbability(probabilities, signature);
  const negative = 1 - positive;
  const isPositive = positive >= threshold;
  return {
    label: isPositive ? task.positive : task.negative,
    probability: isPositive ? positive : negative,
    positiveProbability: positive,
    threshold,
    probabilities: { [task.positive]: positive, [task.negative]: negative },
    classes,
    ...set,
  };
}

/** @param threshold of an endpoint; null = the model's own */
export function underThreshold<S extends Pick<Signature, 'threshold'>>(signature: S, threshold: number | null): S {
  return threshold === null ? signature : { ...signature, threshold };
}

/** The labels with at least that probability, the most probable first. */
function labelSet(probabilities: ArrayLike<number>, labels: readonly string[], least: number): string[] {
  const likely = labels.map((label, k) => ({ label, probability: probabilities[k]! }));
  const ranked = likely.sort((a, b) => b.probability - a.probability);
  return ranked.filter(({ probability }) => probability >= least).map(({ label }) => label);
}

/** The first of the labels with the highest probability. */
function likeliest(probabilities: ArrayLike<number>, labels: readonly string[]) {
  return labels
    .map((label, k) => ({ label, probability: probabilities[k] ?? 0 }))
    .reduce((best, each) => (each.probability > best.probability ? each : best));
}

/** P(positive) of a question: the positive labels' share of [K] probabilities, 0..1. NaN for a multi-class task. */
function positiveProbability(
  probabilities: ArrayLike<number>,
  { labels, task }: Pick<Signature, 'labels' | 'task'>,
): number {
  const positive = positiveLabels(task, labels);
  if (positive === null) return Number.NaN;
  let yes = 0;
  let no = 0;
  for (const [k, isPositive] of positive.entries()) {
    const probability = probabilities[k] ?? 0;
    if (isPositive) yes += probability;
    else no += probability;
  }
  return yes / (yes + no);
}

/** Possible labels of an answer, sorted as text: the two of a question, else the labels. */
export function answerLabels({ labels, task }: Pick<Signature, 'labels' | 'task'>): string[] {
  return task.kind === 'question' ? [task.positive, task.negative].sort() : [...labels].sort();
}

/** The right answer for a label: a question's positive or negative name (which may also be given), else the label itself. */
export function answerOfLabel(label: string, { labels, task }: Pick<Signature, 'labels' | 'task'>): string {
  const isPositive = positiveLabels(task, labels)?.[labels.indexOf(label)];
  if (task.kind !== 'question' || isPositive === undefined) return label;
  return isPositive ? task.positive : task.negative;
}
