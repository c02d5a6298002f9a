import { z } from 'zod';
import { taskSchema } from '../task.ts';
import { alterationKindSchema } from './alteration.ts';
import { splitSchema } from './example.ts';
import { thresholdRuleSchema } from './operating-point.ts';
import { precisionSchema } from './precision.ts';

/** JSON has no NaN: an undefined number (AUC of one class) is null. */
const maybe = z.number().nullable();

/** A value with its 95 % interval. */
const intervalSchema = z.object({ value: maybe, low: maybe, high: maybe });
export type IntervalJson = z.infer<typeof intervalSchema>;

export const metricNames = [
  'auc',
  'prAuc',
  'accuracy',
  'balancedAccuracy',
  'precision',
  'recall',
  'f1',
  'brier',
  'nll',
  'ece',
] as const;
export const metricNameSchema = z.enum(metricNames);
export type MetricName = z.infer<typeof metricNameSchema>;
/** Figures of the operating point of a question and of label sets, which may have thresholds, too. */
const promiseNames = ['sensitivity', 'specificity', 'cost', 'labelSetCoverage', 'labelSetSize'] as const;
export const thresholdNames = [...metricNames, ...promiseNames] as const;
export type ThresholdName = (typeof thresholdNames)[number];
export const higherIsBetter: Record<ThresholdName, boolean> = {
  auc: true,
  prAuc: true,
  accuracy: true,
  balancedAccuracy: true,
  precision: true,
  recall: true,
  f1: true,
  brier: false,
  nll: false,
  ece: false,
  sensitivity: true,
  specificity: true,
  cost: false,
  labelSetCoverage: true,
  labelSetSize: false,
};

export const metricsSchema = z.record(metricNameSchema, intervalSchema);
export type MetricsJson = z.infer<typeof metricsSchema>;

const reliabilitySchema = z.array(z.object({ confidence: z.number(), accuracy: z.number(), count: z.int() }));

const sliceSchema = z.object({
  /** `label`, or an attribute of the examples. */
  by: z.string(),
  value: z.string(),
  examples: z.int(),
  metrics: metricsSchema,
});

const sliced = { by: z.string(), value: z.string(), examples: z.int() };

const atThreshold = {
  sensitivity: intervalSchema,
  specificity: intervalSchema,
  /** Of all answers, those that are positive. */
  positiveShare: intervalSchema,
  /** Mean of a photo, in the unit of the rule; null values without costs. */
  cost: intervalSchema,
};
const operatingPointSchema = z.object({
  /** Null = `youden`, `f1` or `half`. */
  rule: thresholdRuleSchema.nullable(),
  threshold: z.number(),
  /** Rows true, columns answered; negative, then positive. */
  confusion: z.array(z.array(z.number())),
  ...atThreshold,
  slices: z.array(z.object({ ...sliced, ...atThreshold })),
});
export type OperatingPoint = z.infer<typeof operatingPointSchema>;

const ofSets = {
  /** Share of photos whose set holds the true label. */
  coverage: intervalSchema,
  /** Mean number of labels in a set. */
  size: intervalSchema,
  /** Share of photos whose set is empty. */
  empty: intervalSchema,
};
const labelSetsResultSchema = z.object({
  promised: z.number(),
  leastProbability: z.number(),
  ...ofSets,
  slices: z.array(z.object({ ...sliced, ...ofSets })),
});
export type LabelSetsResult = z.infer<typeof labelSetsResultSchema>;

const mistakeSchema = z.object({
  sha256: z.string(),
  filename: z.string(),
  label: z.string(),
  answer: z.string(),
  /** Probability of the wrong answer, 0..1. */
  probability: z.number(),
});
export type Mistake = z.infer<typeof mistakeSchema>;

export const suspectSchema = z.object({
  sha256: z.string(),
  filename: z.string(),
  label: z.string(),
  suggested: z.string(),
  /** Absent in evaluations of version 0.1. */
  split: splitSchema.optional(),
  /** p(label) - p(suggested), -1..0. */
  margin: z.number(),
  /** p(suggested) from all photos outside the photo's group, 0..1. Absent in evaluations of version 0.1. */
  confidence: z.number().optional(),
});
export type Suspect = z.infer<typeof suspectSchema>;

/** Metrics on altered photos of the test split. */
const robustnessSchema = z.object({
  /** Drawn from the test split with the run's seed; all of it when it has no more. */
  photos: z.int(),
  kinds: z.array(
    z.object({
      kind: alterationKindSchema,
      /** `Gaussian, sigma 1 % of the shorter side`. */
      strength: z.string(),
      /** Fewer than the sample where no subject was found to put before another background. */
      photos: z.int(),
      metrics: metricsSchema,
      /** Altered - unaltered, of the same photos. */
      difference: metricsSchema,
      /** Share of the photos that are answered otherwise than unaltered, right or wrong, 0..1. Absent before version 0.2. */
      changed: intervalSchema.optional(),
    }),
  ),
});
export type Robustness = z.infer<typeof robustnessSchema>;

export const explanationFigures = ['deletion', 'insertion', 'border', 'inLesions', 'pointing'] as const;
export const explanationFigureSchema = z.enum(explanationFigures);
export type ExplanationFigure = z.infer<typeof explanationFigureSchema>;

/** What heat maps show of a model, on photos of the test split. */
const explanationsSchema = z.object({
  /** For a question, of those that are answered with yes: maps show what speaks for it. */
  photos: z.int(),
  /**
   * Areas under the curves of the answer's probability (Petsiuk et al. 2018), -1..1, against the same map moved to a random place: how much
   * lower with the hottest cells covered first, and how much higher with them uncovered first. 0 = no better than chance.
   */
  deletion: intervalSchema,
  insertion: intervalSchema,
  /** Share of the hottest tenth of the cells that is in the outermost tenth of the photo at each side. */
  border: intervalSchema,
  /** Share of all cells that are there. */
  borderChance: maybe,
  /** On drawn leaves, whose lesions are known; null for a model whose labels are not those of drawn leaves. */
  localisation: z
    .object({
      leaves: z.int(),
      /** Share of the hottest tenth of the cells that is in lesions, and of the hottest cells (pointing game: Zhang et al. 2016). */
      inLesions: intervalSchema,
      pointing: intervalSchema,
      /** Share of all cells that is in lesions. */
      chance: maybe,
    })
    .nullable(),
});
export type Explanations = z.infer<typeof explanationsSchema>;

/** `evaluation.json`. */
export const evaluationSchema = z.object({
  modelDigest: z.string(),
  baselineDigest: z.string().nullable(),
  examples: z.int(),
  groups: z.int(),
  groupBy: z.enum(['none', 'attribute', 'near-duplicate']),
  labels: z.array(z.string()),
  task: taskSchema,
  threshold: z.number(),
  /** Of the task: the question's when there is one, else the multi-class head's (macro averages, one against the rest). */
  metrics: metricsSchema,
  /** Of the multi-class head behind a question. */
  headMetrics: metricsSchema.optional(),
  /** Of a question. Absent in evaluations before version 9 of the Evaluator. */
  operatingPoint: operatingPointSchema.optional(),
  /** Of a model with label sets. */
  labelSets: labelSetsResultSchema.optional(),
  /** Of the evaluated file, as its signature has it. */
  precision: precisionSchema.optional(),
  /** Calibration error that a perfect model shows at this N. */
  eceFloor: z.number(),
  /** For a question: ROC and PR points at distinct scores, thinned to 500; threshold null = above every score. */
  curve: z
    .array(z.object({ threshold: maybe, recall: z.number(), falsePositiveRate: z.number(), precision: z.number() }))
    .optional(),
  reliability: reliabilitySchema,
  /** Of the head: rows true, columns predicted. */
  confusion: z.array(z.array(z.number())),
  slices: z.array(sliceSchema),
  /** The same examples through the baseline; difference = model - baseline, paired. */
  baseline: z.object({ metrics: metricsSchema, difference: metricsSchema }).nullable(),
  /** Of golden photos, which ExampleGen leaves out: versions are compared on them. One entry per golden set. */
  golden: z
    .array(
      z.object({
        set: z.string(),
        /** Of photos and labels: figures with equal digests are of the same photos. */
        digest: z.string(),
        photos: z.int(),
        /** Photos whose label the model lacks, and photos whose file is missing. */
        unknown: z.int(),
        missing: z.int(),
        /** Photos that the model was trained on, or that look like one: not measured. Absent in evaluations of version 0.1. */
        trained: z.int().optional(),
        metrics: metricsSchema,
        /** Accuracy here - accuracy on the test split: what the model loses (below 0) outside of it. Absent in evaluations of version 0.1. */
        fromTest: intervalSchema.optional(),
        baseline: z.object({ metrics: metricsSchema, difference: metricsSchema }).nullable(),
      }),
    )
    .default([]),
  /** Absent when it was not asked for. */
  robustness: robustnessSchema.optional(),
  /** Absent when it was not asked for. */
  explanations: explanationsSchema.optional(),
  mistakes: z.array(mistakeSchema),
  suspiciousLabels: z
    .object({ examined: z.int(), folds: z.int(), found: z.array(suspectSchema) })
    .nullable()
    .describe('null when no embeddings were wired to the Evaluator'),
});
export type Evaluation = z.infer<typeof evaluationSchema>;

/** Everything on the whole test split that may have a threshold. */
export function measuredOf({
  metrics,
  operatingPoint,
  labelSets,
}: Evaluation): Partial<Record<ThresholdName, IntervalJson>> {
  return {
    ...metrics,
    ...(operatingPoint && {
      sensitivity: operatingPoint.sensitivity,
      specificity: operatingPoint.specificity,
      cost: operatingPoint.cost,
    }),
    ...(labelSets && { labelSetCoverage: labelSets.coverage, labelSetSize: labelSets.size }),
  };
}
