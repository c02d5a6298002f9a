import type { Task } from '../../contracts/task.ts';
import { positiveLabels } from '../../contracts/task.ts';

/** Predictions of a model for N examples, and the truth. */
export interface Answers {
  /** Of the head, [N, K]. */
  probabilities: Float64Array;
  /** Label indexes, [N]. */
  truths: Int32Array;
  labels: readonly string[];
  task: Task;
  /** 0..1; used by questions only. */
  threshold: number;
}

/** Predictions as answers to a question. */
export interface BinaryAnswers {
  /** P(positive), [N]. */
  scores: Float64Array;
  /** 1 or 0, [N]. */
  positives: Uint8Array;
  /** Answered with yes: 1, else 0. [N] */
  answered: Uint8Array;
}

/** The answers to the question; null for a multi-class task. */
export function questionOf({ probabilities, truths, labels, task, threshold }: Answers): BinaryAnswers | null {
  const positive = positiveLabels(task, labels);
  if (!positive) return null;
  const scores = new Float64Array(truths.length);
  for (let i = 0; i < truths.length; i++) {
    for (let k = 0; k < labels.length; k++) if (positive[k]) scores[i]! += probabilities[i * labels.length + k]!;
  }
  return {
    scores,
    positives: Uint8Array.from(truths, (truth) => Number(positive[truth])),
    answered: Uint8Array.from(scores, (score) => Number(score >= threshold)),
  };
}

/** Index of the most probable label of each example, [N]; the first of equals. */
export function topLabels(probabilities: ArrayLike<number>, classes: number): Int32Array {
  return Int32Array.from({ length: probabilities.length / classes }, (_, i) => {
    let top = 0;
    for (let k = 1; k < classes; k++) if (probabilities[i * classes + k]! > probabilities[i * classes + top]!) top = k;
    return top;
  });
}

/** The predictions for some of the examples. */
export function subset(answers: Answers, rows: readonly number[]): Answers {
  const classes = answers.labels.length;
  const probabilities = new Float64Array(rows.length * classes);
  rows.forEach((row, i) => {
    probabilities.set(answers.probabilities.subarray(row * classes, (row + 1) * classes), i * classes);
  });
  return { ...answers, probabilities, truths: Int32Array.from(rows, (row) => answers.truths[row]!) };
}
