import type { LabelSetsResult, OperatingPoint } from '../../contracts/artifacts/evaluation.ts';
import type { Example } from '../../contracts/artifacts/example.ts';
import { costsOf } from '../../contracts/artifacts/operating-point.ts';
import type { Signature } from '../../contracts/artifacts/signature.ts';
import { type Answers, questionOf } from './answers.ts';
import { type Mean, means, type Part, partsOf } from './means.ts';
import type { MeasureOptions } from './measure.ts';

export interface OperatingInput {
  answers: Answers;
  examples: readonly Example[];
  signature: Pick<Signature, 'thresholdRule' | 'labelSets'>;
  sliceBy: readonly string[];
  options: MeasureOptions;
}

/** What the threshold gives and costs, over all and within each slice; undefined for a multi-class task. */
export function operatingPoint({
  answers,
  examples,
  signature,
  sliceBy,
  options,
}: OperatingInput): OperatingPoint | undefined {
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
  const all = new Uint8Array(scores.length).fill(1);
  const wanted = (inside: Uint8Array): Record<'sensitivity' | 'specificity' | 'positiveShare' | 'cost', Mean> => ({
    sensitivity: { values: answered, of: inside.map((is, i) => is * positives[i]!), most: 1 },
    specificity: { values: denied, of: inside.map((is, i) => is * (1 - positives[i]!)), most: 1 },
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
    ...means(wanted(all), options),
    slices: partsOf(answers, examples, sliceBy).map((part) => sliceOf(part, means(wanted(part.isInside), options))),
  };
}

/** Whether the label sets keep their promise, over all and within each slice; undefined when the model has none. */
export function labelSetsResult({
  answers,
  examples,
  signature: { labelSets },
  sliceBy,
  options,
}: OperatingInput): LabelSetsResult | undefined {
  if (!labelSets) return undefined;
  const { probabilities, truths, labels } = answers;
  const isIn = (i: number, k: number) => probabilities[i * labels.length + k]! >= labelSets.leastProbability;
  const covered = Uint8Array.from(truths, (truth, i) => Number(isIn(i, truth)));
  const sizes = Uint32Array.from(truths, (_, i) => labels.filter((_, k) => isIn(i, k)).length);
  const empty = Uint8Array.from(sizes, (size) => Number(size === 0));
  const wanted = (of: Uint8Array): Record<'coverage' | 'size' | 'empty', Mean> => ({
    coverage: { values: covered, of, most: 1 },
    size: { values: sizes, of },
    empty: { values: empty, of, most: 1 },
  });
  const { coverage: promised, leastProbability } = labelSets;
  return {
    promised,
    leastProbability,
    ...means(wanted(new Uint8Array(truths.length).fill(1)), options),
    slices: partsOf(answers, examples, sliceBy).map((part) => sliceOf(part, means(wanted(part.isInside), options))),
  };
}

function sliceOf<M>({ by, value, isInside }: Part, measured: M) {
  return { by, value, examples: isInside.reduce((sum, is) => sum + is, 0), ...measured };
}
