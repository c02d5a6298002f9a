import { percent } from '../../../codecs/percent.ts';
import type { ModelCard } from '../../../contracts/artifacts/model-card.ts';
import { costsOf, ruleText } from '../../../contracts/artifacts/operating-point.ts';
import { precisionText } from '../../../contracts/artifacts/precision.ts';
import { wilsonInterval } from '../../../math/stats/proportion.ts';
import { headText } from '../head/head-text.ts';
import type { CardFacts } from './facts.ts';
import { limitations } from './limitations.ts';

/** The model card of a trained model, in the fields of Google's schema 0.0.2. */
export function modelCard(facts: CardFacts): ModelCard {
  const { texts, signature } = facts;
  return {
    schema_version: '0.0.2',
    model_details: {
      name: texts.name,
      overview: texts.overview ?? overview(facts),
      ...(texts.owners.length > 0 && { owners: texts.owners }),
      ...(texts.license && { licenses: [{ identifier: texts.license }] }),
      ...(texts.references.length > 0 && { references: texts.references.map((reference) => ({ reference })) }),
    },
    model_parameters: {
      model_architecture: architecture(facts),
      data: [
        {
          name: texts.data?.name ?? 'training photos',
          ...(texts.data?.link && { link: texts.data.link }),
          description: dataDescription(facts),
        },
      ],
      input_format: `pixels uint8 [N, ${signature.preprocess.height}, ${signature.preprocess.width}, 3]: upright RGB, 0..255`,
      output_format: `logits and probabilities float32 [N, ${signature.labels.length}] in the order of the labels; embedding float32 [N, ${signature.embeddingSize}]`,
    },
    quantitative_analysis: {
      performance_metrics: [...performance(facts), ...parity(facts), ...promises(facts), ...refusals(facts)],
    },
    considerations: {
      users: [{ description: 'People who want a first opinion on a photo and can check it.' }],
      use_cases: [{ description: useCase(facts) }],
      limitations: limitations(facts).map((description) => ({ description })),
      tradeoffs: [{ description: tradeoff(facts) }],
      ethical_considerations: [
        {
          name: 'A wrong prediction may lead to unnecessary treatment, or to no treatment where it is needed.',
          mitigation_strategy:
            'Show the probability and the heat map with the prediction, let a person decide, and collect corrections as feedback.',
        },
      ],
    },
  };
}

function overview({ signature }: CardFacts): string {
  const { task, labels } = signature;
  if (task.kind === 'multiclass') return `Classifies photos into ${labels.length} labels.`;
  return `Classifies photos as "${task.positive}" or "${task.negative}", based on ${labels.length} labels.`;
}

function useCase({ signature: { task, labels } }: CardFacts): string {
  return task.kind === 'multiclass'
    ? `Photos like the training photos, of: ${labels.join(', ')}.`
    : `Photos like the training photos; "${task.positive}" means every label that does not match /${task.negativePattern.source}/${task.negativePattern.flags}.`;
}

function architecture({ signature, config, ridge }: CardFacts): string {
  const ensemble = config.members > 1 ? `, an ensemble of ${config.members}` : '';
  const head = `a ${headText(config, ridge)}${config.kind === 'mlp' ? ` (ReLU)${ensemble}` : ''}`;
  const views = signature.views.length > 1 ? `; probabilities are averaged over ${signature.views.length} views` : '';
  const precision = signature.precision ? ` Served in ${precisionText(signature.precision)}.` : '';
  return `Frozen backbone ${signature.backbone.name} (sha256 ${signature.backbone.digest}), ${signature.embeddingSize} pooled features, ${head}${views}.${precision}`;
}

function dataDescription({ counts, summary, signature }: CardFacts): string {
  const grouping =
    summary.groupBy === 'none' ? 'not grouped' : `grouped by ${summary.groupAttribute ?? summary.groupBy}`;
  return `${counts.train} train and ${counts.eval} eval photos of ${signature.labels.length} labels, ${grouping}.`;
}

function performance({ metrics }: CardFacts): ModelCard['quantitative_analysis']['performance_metrics'] {
  if (!metrics) return [];
  const values: [string, number | null][] = [
    ['accuracy', metrics.accuracy],
    ['auc', metrics.auc],
    ['negative_log_likelihood', metrics.nll],
    ['expected_calibration_error', metrics.ece],
  ];
  return values.flatMap(([type, value]) =>
    value === null ? [] : [{ type, value: value.toFixed(4), slice: 'eval split' }],
  );
}

/** Of the int8 model that was served or tried, against float32. */
function parity({ signature }: CardFacts): ModelCard['quantitative_analysis']['performance_metrics'] {
  const measured = signature.precision?.parity;
  if (!measured) return [];
  const { photos, sameLabel, largestDifference, aucDifference } = measured;
  const values: [string, number | null][] = [
    ['int8_same_label_as_float32', sameLabel],
    ['int8_largest_probability_difference', largestDifference],
    ['int8_auc_difference', aucDifference],
  ];
  return values.flatMap(([type, value]) =>
    value === null ? [] : [{ type, value: value.toFixed(4), slice: `int8 against float32 (${photos} eval photos)` }],
  );
}

/** Shares of photos warned of and refused: wrongly of the eval split, rightly of the others. */
function refusals({ refusal }: CardFacts): ModelCard['quantitative_analysis']['performance_metrics'] {
  if (refusal === null) return [];
  return [{ what: 'eval split', ...refusal.own }, ...refusal.others].flatMap(({ what, photos, warned, refused }) => {
    const slice = what === 'eval split' ? what : `${what} (${photos})`;
    const row = (type: string, count: number) => {
      const { low, high } = wilsonInterval(count, photos);
      const interval = { lower_bound: low.toFixed(4), upper_bound: high.toFixed(4) };
      return { type, value: (count / photos).toFixed(4), slice, confidence_interval: interval };
    };
    return photos === 0 ? [] : [row('share_warned_of', warned), row('share_refused', refused)];
  });
}

/** Of a threshold that keeps a promise or costs: what it gives on eval photos that did not choose it. */
function promises({
  atThreshold,
  calibration,
  signature,
}: CardFacts): ModelCard['quantitative_analysis']['performance_metrics'] {
  if (atThreshold === null) return [];
  const { sensitivity, specificity } = atThreshold;
  const slice = calibration.method === 'eval-half' ? 'eval photos that did not choose the threshold' : 'eval split';
  const costs = costsOf(signature.thresholdRule);
  const missed = sensitivity.photos - sensitivity.count;
  const alarms = specificity.photos - specificity.count;
  const shares = Object.entries(atThreshold).flatMap(([type, { count, photos }]) => {
    if (photos === 0) return [];
    const { low, high } = wilsonInterval(count, photos);
    const interval = { lower_bound: low.toFixed(4), upper_bound: high.toFixed(4) };
    return [{ type, value: (count / photos).toFixed(4), slice, confidence_interval: interval }];
  });
  if (costs === null) return shares;
  const cost = missed * costs.falseNegative + alarms * costs.falsePositive;
  const mean = cost / (sensitivity.photos + specificity.photos);
  return [...shares, { type: 'mean_cost', value: mean.toFixed(4), slice }];
}

function tradeoff({ signature, calibration }: CardFacts): string {
  const { thresholdRule: rule, labelSets } = signature;
  const chosen = rule ? `, chosen for: ${ruleText(rule)}` : '';
  const threshold =
    signature.task.kind === 'question'
      ? ` The answer is positive from ${signature.threshold.toFixed(3)} on${chosen}.`
      : '';
  const sets = labelSets
    ? ` The set of labels from probability ${labelSets.leastProbability.toFixed(4)} on holds the true one for ${percent(labelSets.coverage)} of photos like the training photos.`
    : '';
  return `Logits are divided by the temperature ${signature.temperature.toFixed(3)} (fitted on ${calibration.photos} photos, ${calibration.method}).${threshold}${sets}`;
}
