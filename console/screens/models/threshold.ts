import type { EvaluationAnswers } from './data.ts';

export interface Errors {
  missed: number;
  alarmed: number;
}

export interface Question {
  /** P(positive) of each photo. */
  scores: Float32Array;
  /** Whether it shows the positive. */
  isPositive: readonly boolean[];
  positives: number;
  negatives: number;
}

/** Null for a multi-class task. */
export function questionOf({ scores, truths, positive }: EvaluationAnswers): Question | null {
  if (positive === null) return null;
  const isPositive = Array.from(truths, (truth) => positive[truth] === true);
  const positives = isPositive.filter(Boolean).length;
  return { scores, isPositive, positives, negatives: isPositive.length - positives };
}

export function errorsAt({ scores, isPositive }: Question, threshold: number): Errors {
  let [missed, alarmed] = [0, 0];
  for (const [i, score] of scores.entries()) {
    if (isPositive[i] && score < threshold) missed++;
    if (!isPositive[i] && score >= threshold) alarmed++;
  }
  return { missed, alarmed };
}

export const costOf = ({ missed, alarmed }: Errors, price: { miss: number; alarm: number }): number =>
  missed * price.miss + alarmed * price.alarm;

/** Of the thresholds in steps of 0.005, the cheapest; of equals, the nearest to `near`. */
export function cheapest(question: Question, price: { miss: number; alarm: number }, near: number): number {
  let best = { threshold: near, cost: costOf(errorsAt(question, near), price) };
  for (let step = 0; step <= 200; step++) {
    const threshold = step / 200;
    const cost = costOf(errorsAt(question, threshold), price);
    const isNearer = Math.abs(threshold - near) < Math.abs(best.threshold - near);
    if (cost < best.cost || (cost === best.cost && isNearer)) best = { threshold, cost };
  }
  return best.threshold;
}

/** Photos whose answer differs between two thresholds, the nearest to the new one first. */
export function changingSides({ scores }: Question, before: number, after: number): number[] {
  const [low, high] = [Math.min(before, after), Math.max(before, after)];
  return [...scores.keys()]
    .filter((i) => scores[i]! >= low && scores[i]! < high)
    .sort((a, b) => Math.abs(scores[a]! - after) - Math.abs(scores[b]! - after));
}
