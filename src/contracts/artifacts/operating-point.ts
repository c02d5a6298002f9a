import { z } from 'zod';

const share = z.number().gt(0).lt(1);
const cost = z.number().positive();

/** Rule that chooses the threshold of a question on photos that did not train the head. */
export const thresholdRuleSchema = z.union(
  [
    z.enum(['youden', 'f1', 'half']),
    /** At least this share of positive photos is answered so. */
    z.strictObject({ sensitivity: share }),
    /** At least this share of negative photos is answered so. */
    z.strictObject({ specificity: share }),
    /** What a wrong answer costs, in any unit: the cheapest threshold. */
    z.strictObject({ cost: z.strictObject({ falseNegative: cost, falsePositive: cost }) }),
  ],
  {
    error:
      'expected "youden", "f1", "half", { sensitivity: x } or { specificity: x } with x above 0 and below 1, or { cost: { falseNegative: x, falsePositive: y } } with costs above 0',
  },
);
export type ThresholdRule = z.infer<typeof thresholdRuleSchema>;
export type Costs = Extract<ThresholdRule, { cost: unknown }>['cost'];

/** The costs of the rule; null of another. */
export const costsOf = (rule: ThresholdRule | undefined): Costs | null =>
  typeof rule === 'object' && 'cost' in rule ? rule.cost : null;

/** `sensitivity of at least 0.95`. */
export function ruleText(rule: ThresholdRule): string {
  if (typeof rule === 'string') return rule;
  if ('sensitivity' in rule) return `sensitivity of at least ${rule.sensitivity}`;
  if ('specificity' in rule) return `specificity of at least ${rule.specificity}`;
  return `a missed positive costs ${rule.cost.falseNegative}, a false alarm ${rule.cost.falsePositive}`;
}

/** Sets of labels that hold the true one in a promised share of photos like the training photos. */
export const labelSetPromiseSchema = z.strictObject({
  coverage: share.describe('Share of photos whose set holds the true label: above 0, below 1.'),
});

/** The promise, and what keeps it. */
export const labelSetsSchema = labelSetPromiseSchema.extend({
  /** A label is in the set from this probability of the head on. 0..1. */
  leastProbability: z.number().min(0).max(1),
});
export type LabelSets = z.infer<typeof labelSetsSchema>;
