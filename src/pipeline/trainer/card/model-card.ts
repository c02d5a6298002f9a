import type { ModelCard } from '../../../contracts/artifacts/model-card.ts';
import type { CardFacts } from './facts.ts';
import { limitations } from './limitations.ts';

/** The model card of what was trained, in the fields of Google's schema 0.0.2. */
export function modelCard(facts: CardFacts): ModelCard {
  const { said, signature } = facts;
  return {
    schema_version: '0.0.2',
    model_details: {
      name: said.name,
      overview: said.overview ?? overview(facts),
      ...(said.owners.length > 0 && { owners: said.owners }),
      ...(said.license && { licenses: [{ identifier: said.license }] }),
      ...(said.references.length > 0 && { references: said.references.map((reference) => ({ reference })) }),
    },
    model_parameters: {
      model_architecture: architecture(facts),
      data: [
        {
          name: said.data?.name ?? 'training photos',
          ...(said.data?.link && { link: said.data.link }),
          description: dataDescription(facts),
        },
      ],
      input_format: `pixels uint8 [N, ${signature.preprocess.height}, ${signature.preprocess.width}, 3]: upright RGB, 0..255`,
      output_format: `logits and probabilities float32 [N, ${signature.labels.length}] in the order of the labels; embedding float32 [N, ${signature.embeddingSize}]`,
    },
    quantitative_analysis: { performance_metrics: performance(facts) },
    considerations: {
      users: [{ description: 'People who want a first opinion on a photo and can check it.' }],
      use_cases: [{ description: useCase(facts) }],
      limitations: limitations(facts).map((description) => ({ description })),
      tradeoffs: [{ description: tradeoff(facts) }],
      ethical_considerations: [
        {
          name: 'A wrong answer may lead to a needless treatment, or to none where one is needed.',
          mitigation_strategy:
            'Show the probability and the heat map with the answer, and let a person decide; collect corrections as feedback.',
        },
      ],
    },
  };
}

function overview({ signature }: CardFacts): string {
  const { task, labels } = signature;
  if (task.kind === 'multiclass') return `Tells ${labels.length} labels apart in photos.`;
  return `Answers "${task.positive}" or "${task.negative}" to a photo, by way of ${labels.length} labels.`;
}

function useCase({ signature: { task, labels } }: CardFacts): string {
  return task.kind === 'multiclass'
    ? `Photos like those it was trained on, of: ${labels.join(', ')}.`
    : `Photos like those it was trained on; "${task.positive}" is every label but those that match /${task.negativePattern.source}/${task.negativePattern.flags}.`;
}

function architecture({ signature, config }: CardFacts): string {
  const head =
    config.kind === 'logistic'
      ? 'a logistic head'
      : `a head of ${config.hidden * config.members} hidden units (ReLU)${config.members > 1 ? `, ${config.members} heads side by side` : ''}`;
  const views = signature.views.length > 1 ? `; the answers to ${signature.views.length} views are averaged` : '';
  return `Frozen backbone ${signature.backbone.name} (sha256 ${signature.backbone.digest}), ${signature.embeddingSize} pooled features, ${head}${views}.`;
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

function tradeoff({ signature, calibration }: CardFacts): string {
  const threshold =
    signature.task.kind === 'question'
      ? ` The positive answer is given from ${signature.threshold.toFixed(3)} on.`
      : '';
  return `Probabilities are divided by temperature ${signature.temperature.toFixed(3)} (${calibration.photos} photos, ${calibration.method}).${threshold}`;
}
