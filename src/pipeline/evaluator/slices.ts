import type { Evaluation } from '../../contracts/artifacts/evaluation.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import { groupIndexes } from '../../math/stats/group-indexes.ts';
import { type Answers, subset } from './answers.ts';
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

/** The task's metrics on the examples of each value of an attribute; photos without the attribute are in no slice. */
export function attributeSlices(
  attribute: string,
  answers: Answers,
  examples: readonly Example[],
  options: Omit<MeasureOptions, 'groups'>,
): Slice[] {
  const values = [...new Set(examples.flatMap(({ attributes }) => attributes[attribute] ?? []))].sort();
  return values.map((value) => {
    const isInside = ({ attributes }: Example) => attributes[attribute] === value;
    const rows = examples.flatMap((example, i) => (isInside(example) ? [i] : []));
    const groups = groupIndexes(examples.filter(isInside).map(({ group }) => group));
    return {
      by: attribute,
      value,
      examples: rows.length,
      metrics: measure(taskMetrics(subset(answers, rows)), { ...options, groups }),
    };
  });
}
