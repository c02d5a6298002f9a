import type { Evaluation } from '../../contracts/artifacts/evaluation.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import { groupIndexes } from '../../math/stats/group-indexes.ts';
import { type Answers, subset } from './answers.ts';
import { attributeParts } from './means.ts';
import { type MeasureOptions, measure } from './measure.ts';
import { labelMetrics, taskMetrics } from './metric-sets.ts';

type Slice = Evaluation['slices'][number];

/** Each label against the rest, over all examples. */
export function labelSlices(answers: Answers, options: MeasureOptions): Slice[] {
  return answers.labels.map((label, k) => ({
    by: 'label',
    value: label,
    examples: answers.truths.filter((truth) => truth === k).length,
    metrics: measure(labelMetrics(answers, k), options),
  }));
}

/** The task's metrics on the examples of each value of the attributes. */
export function attributeSlices(
  sliceBy: readonly string[],
  answers: Answers,
  examples: readonly Example[],
  options: Omit<MeasureOptions, 'groups'>,
): Slice[] {
  return attributeParts(examples, sliceBy).map(({ by, value, isInside }) => {
    const rows = [...examples.keys()].filter((i) => isInside[i] === 1);
    const groups = groupIndexes(rows.map((i) => examples[i]!.group));
    const metrics = measure(taskMetrics(subset(answers, rows)), { ...options, groups });
    return { by, value, examples: rows.length, metrics };
  });
}
