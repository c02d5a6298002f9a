import { z } from 'zod';

export const taskSchema = z.discriminatedUnion('kind', [
  /** One of the labels. */
  z.object({ kind: z.literal('multiclass') }),
  /** Yes or no: a multi-class head whose positive labels' probabilities are summed. */
  z.object({
    kind: z.literal('question'),
    /** Name of the positive answer: `unwell`. */
    positive: z.string().min(1),
    /** Name of the negative answer: `healthy`. */
    negative: z.string().min(1),
    /** Labels that match are negative; all others are positive. JavaScript regular expression. */
    negativePattern: z.object({ source: z.string().min(1), flags: z.string() }),
  }),
]);
export type Task = z.infer<typeof taskSchema>;

/** `true` for each positive label. Null for a multi-class task. */
export function positiveLabels(task: Task, labels: readonly string[]): boolean[] | null {
  if (task.kind === 'multiclass') return null;
  const flags = task.negativePattern.flags.replace(/[gy]/g, '');
  const pattern = new RegExp(task.negativePattern.source, flags);
  return labels.map((label) => !pattern.test(label));
}
