/**
 * Counts of (true, predicted), row-major [K, K]: row = true label, column = predicted label.
 * @param truths label indexes, [N]
 * @param predictions label indexes, [N]
 */
export function confusionMatrix(
  truths: ArrayLike<number>,
  predictions: ArrayLike<number>,
  classes: number,
  weights?: ArrayLike<number>,
): Float64Array {
  const matrix = new Float64Array(classes * classes);
  for (let i = 0; i < truths.length; i++) matrix[truths[i]! * classes + predictions[i]!]! += weights?.[i] ?? 1;
  return matrix;
}

export interface LabelScores {
  /** Number of examples with the label. */
  support: number;
  /** TP / (TP + FP); NaN when never predicted. */
  precision: number;
  /** TP / (TP + FN); NaN without support. */
  recall: number;
  /** 2TP / (2TP + FP + FN); NaN when neither predicted nor present. */
  f1: number;
}

/** Scores of one label against the rest, from a confusion matrix [K, K]. */
export function labelScores(matrix: ArrayLike<number>, classes: number, label: number): LabelScores {
  let support = 0;
  let predicted = 0;
  for (let other = 0; other < classes; other++) {
    support += matrix[label * classes + other]!;
    predicted += matrix[other * classes + label]!;
  }
  const hits = matrix[label * classes + label]!;
  return { support, precision: hits / predicted, recall: hits / support, f1: (2 * hits) / (support + predicted) };
}

/** Share on the diagonal, 0..1; NaN when empty. */
export function accuracy(matrix: ArrayLike<number>, classes: number): number {
  let hits = 0;
  let total = 0;
  for (let i = 0; i < classes * classes; i++) total += matrix[i]!;
  for (let i = 0; i < classes; i++) hits += matrix[i * classes + i]!;
  return hits / total;
}

/** Mean recall over the labels that are present, 0..1 (scikit-learn's `balanced_accuracy_score`). */
export function balancedAccuracy(matrix: ArrayLike<number>, classes: number): number {
  let sum = 0;
  let present = 0;
  for (let label = 0; label < classes; label++) {
    const { support, recall } = labelScores(matrix, classes, label);
    if (support === 0) continue;
    sum += recall;
    present++;
  }
  return sum / present;
}
