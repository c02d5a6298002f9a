import type { Signature } from '../../contracts/artifacts/signature.ts';
import { positiveLabels } from '../../contracts/task.ts';
import { MitateError } from '../../errors/index.ts';

/**
 * The labels that a heat map explains, [K] of 0 and 1: the requested class, else a question's positive labels, else the likeliest label.
 * @throws MODEL_CLASS_UNKNOWN
 */
export function classMask(
  name: string,
  { labels, task }: Pick<Signature, 'labels' | 'task'>,
  probabilities: Float32Array,
  classIndex: number | undefined,
): Float32Array {
  const last = labels.length - 1;
  if (classIndex !== undefined && !(Number.isInteger(classIndex) && classIndex >= 0 && classIndex <= last)) {
    throw new MitateError('MODEL_CLASS_UNKNOWN', { name, last, actual: classIndex });
  }
  const positive = classIndex === undefined ? positiveLabels(task, labels) : null;
  if (positive) return Float32Array.from(positive, Number);
  const chosen = classIndex ?? probabilities.indexOf(Math.max(...probabilities));
  return Float32Array.from(labels, (_, k) => Number(k === chosen));
}
