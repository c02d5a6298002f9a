import { readIndex } from '../../artifacts/examples/read-examples.ts';
import type { EmbeddingSource } from '../../artifacts/transform-graph/embedding-source.ts';
import { openFiles } from '../../artifacts/transform-graph/open-files.ts';
import { readTransform, type Transform } from '../../artifacts/transform-graph/read-transform.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import { ruleText, type ThresholdRule } from '../../contracts/artifacts/operating-point.ts';
import type { View } from '../../contracts/artifacts/signature.ts';
import { positiveLabels, type Task } from '../../contracts/task.ts';
import { MitateError } from '../../errors/index.ts';

/** Training data of Trainer and Tuner. The source has the photos of the train split, then those of the eval split. */
export interface TrainingData extends Disposable {
  transform: Transform;
  source: EmbeddingSource;
  labels: string[];
  train: TrainingPhotos;
  /** Without photos whose label is not in the train split. */
  eval: TrainingPhotos;
}

export interface TrainingPhotos {
  examples: Example[];
  /** Photo numbers in the source. */
  photos: Int32Array;
  /** Index into `labels` of each photo. */
  targets: Int32Array;
}

/** @throws TRAINING_LABELS_TOO_FEW, EXAMPLES_CORRUPT, TRANSFORM_ARTIFACT_INVALID */
export async function openTrainingData(examplesUri: string, transformUri: string): Promise<TrainingData> {
  const transform = await readTransform(transformUri);
  const [train, evaluation] = [await readIndex(examplesUri, 'train'), await readIndex(examplesUri, 'eval')];
  const labels = [...new Set(train.map(({ label }) => label))].sort();
  if (labels.length < 2) {
    throw new MitateError('TRAINING_LABELS_TOO_FEW', {
      reason: 'a head needs at least two labels.',
      labels: labels.join(', ') || 'none',
    });
  }
  const source = openFiles({ uri: transformUri, splits: ['train', 'eval'] });
  return {
    transform,
    source,
    labels,
    train: photosOf(train, 0, labels),
    eval: photosOf(evaluation, train.length, labels),
    [Symbol.dispose]: () => source[Symbol.dispose](),
  };
}

function photosOf(examples: Example[], first: number, labels: string[]): TrainingPhotos {
  const known = [...examples.entries()].filter(([, { label }]) => labels.includes(label));
  return {
    examples: known.map(([, example]) => example),
    photos: Int32Array.from(known, ([i]) => first + i),
    targets: Int32Array.from(known, ([, { label }]) => labels.indexOf(label)),
  };
}

/** A question needs both answers among the labels, and a promise a question. @throws TRAINING_LABELS_TOO_FEW, TRAINING_THRESHOLD_WITHOUT_QUESTION */
export function checkTask(task: Task, labels: string[], rule: ThresholdRule): void {
  const positive = positiveLabels(task, labels);
  if (!positive && typeof rule === 'object')
    throw new MitateError('TRAINING_THRESHOLD_WITHOUT_QUESTION', { rule: ruleText(rule) });
  if (!positive || new Set(positive).size === 2) return;
  throw new MitateError('TRAINING_LABELS_TOO_FEW', {
    reason: `no label of the question is ${positive[0] ? 'negative' : 'positive'}.`,
    labels: labels.join(', '),
  });
}

/** Indexes of the views among those that Transform embedded. @throws TRAINING_VIEW_MISSING */
export function viewIndexes(views: readonly View[], embedded: readonly View[]): number[] {
  return views.map((view) => {
    const index = embedded.indexOf(view);
    if (index >= 0) return index;
    throw new MitateError('TRAINING_VIEW_MISSING', { view, views: embedded.join(', ') });
  });
}
