import type { Task } from '../../contracts/task.ts';

/**
 * A yes-or-no question over labels: `question('unwell', { negative: /healthy/i })`. Labels that match `negative` mean `otherwise`
 * (default `healthy`); all others mean `positive`.
 */
export function question(positive: string, options: { negative: RegExp; otherwise?: string }): Task {
  return {
    kind: 'question',
    positive,
    negative: options.otherwise ?? 'healthy',
    negativePattern: { source: options.negative.source, flags: options.negative.flags },
  };
}
