import type { PhotoAnswers } from '../../artifacts/evaluation/answers-file.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import { positiveLabels } from '../../contracts/task.ts';
import { type Answers, questionOf, topLabels } from './answers.ts';

/** What a threshold slider and a confusion matrix need of each photo. */
export function photoAnswers(answers: Answers, examples: readonly Pick<Example, 'sha256'>[]): PhotoAnswers {
  const { probabilities, truths, labels, task, threshold } = answers;
  const top = topLabels(probabilities, labels.length);
  const question = questionOf(answers);
  return {
    ...{ labels, task, threshold, positive: positiveLabels(task, labels) },
    scores: Float32Array.from(top, (k, i) => question?.scores[i] ?? probabilities[i * labels.length + k]!),
    truths: Uint16Array.from(truths),
    answers: Uint16Array.from(top),
    photos: examples.map(({ sha256 }) => sha256),
  };
}
