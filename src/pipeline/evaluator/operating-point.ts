import type { LabelSetsResult, OperatingPoint } from '../../contracts/artifacts/evaluation.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import { costsOf } from '../../contracts/artifacts/operating-point.ts';
import type { Signature } from '../../contracts/artifacts/signature.ts';
import { type Answers, questionOf } from './answers.ts';
import { type Mean, meansWithin } from './means.ts';
import type { MeasureOptions } from './measure.ts';

export interface OperatingInput {
  answers: Answers;
  examples: readonly Example[];
  signature: Pick<Signature, 'thresholdRule' | 'labelSets'>;
  sliceBy: readonly string[];
  options: MeasureOptions;
}

/** What the threshold gives and costs, over all and within each slice; undefined for a multi-class task. */
export function operatingPoint(input: OperatingInput): OperatingPoint | undefined {
  const { answers, signature, options } = input;
  const question = questionOf(answers);
  if (!question) return undefined;
  const { scores, positives, answered } = question;
  const costs = costsOf(signature.thresholdRule);
  const denied = answered.map((is) => 1 - is);
  const cost = (i: number) => {
    if (costs === null || answered[i] === positives[i]) return 0;
    return positives[i] ? costs.falseNegative : costs.falsePositive;
  };
  const counted = (is: (i: number) => boolean) => scores.reduce((sum, _, i) => sum + Number(is(i)), 0);
  const both = (inside: ArrayLike<number>, is: (i: number) => number) =>
    Uint8Array.from(inside, (each, i) => each * is(i));
  const wanted = (
    inside: ArrayLike<number>,
  ): Record<'sensitivity' | 'specificity' | 'positiveShare' | 'cost', Mean> => ({
    sensitivity: { values: answered, of: both(inside, (i) => positives[i]!), most: 1 },
    specificity: { values: denied, of: both(inside, (i) => 1 - positives[i]!), most: 1 },
    positiveShare: { values: answered, of: inside, most: 1 },
    cost: {
      values: Float64Array.from(scores, (_, i) => cost(i)),
      of: costs === null ? new Uint8Array(scores.length) : inside,
      most: costs === null ? 1 : Math.max(costs.falseNegative, costs.falsePositive),
    },
  });
  return {
    rule: signature.thresholdRule ?? null,
    threshold: answers.threshold,
    confusion: [0, 1].map((truth) =>
      [0, 1].map((answer) => counted((i) => positives[i] === truth && answered[i] === answer)),
    ),
    ...meansWithin(wanted, input, options),
  };
}

/** Whether the label sets keep their promise, over all and within each slice; undefined when the model has none. */
export function labelSetsResult(input: OperatingInput): LabelSetsResult | undefined {
  const { answers, options } = input;
  const { labelSets } = input.signature;
  if (!labelSets) return undefined;
  const { probabilities, truths, labels } = answers;
  const isIn = (i: number, k: number) => probabilities[i * labels.length + k]! >= labelSets.leastProbability;
  const covered = Uint8Array.from(truths, (truth, i) => Number(isIn(i, truth)));
  const sizes = Uint32Array.from(truths, (_, i) => labels.filter((_, k) => isIn(i, k)).length);
  const empty = Uint8Array.from(sizes, (size) => Number(size === 0));
  const wanted = (of: ArrayLike<number>): Record<'coverage' | 'size' | 'empty', Mean> => ({
    coverage: { values: covered, of, most: 1 },
    size: { values: sizes, of },
    empty: { values: empty, of, most: 1 },
  });
  const { coverage: promised, leastProbability } = labelSets;
  return {
    promised,
    leastProbability,
    ...meansWithin(wanted, input, options),
  };
}
