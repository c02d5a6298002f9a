import type { Anomaly } from '../../../contracts/artifacts/anomalies.ts';
import { type Evidence, error, labelsOf, photos, quoted, splitsOf, warning } from '../report.ts';

export function unknownLabels({ statistics, schema }: Evidence): Anomaly[] {
  const known = new Set(schema.labels.domain);
  return splitsOf(statistics).flatMap(([split, { labels }]) =>
    Object.entries(labels)
      .filter(([label]) => !known.has(label))
      .map(([label, { count }]) =>
        error('LABEL_UNKNOWN', {
          split,
          subject: label,
          value: count,
          message: `Split ${split}: ${photos(count)} of the label ${quoted(label)}, which the schema does not allow.`,
          remedy: `Correct the label of these photos, or add ${quoted(label)} to labels.domain in the schema.`,
        }),
      ),
  );
}

export function missingLabels({ statistics, schema }: Evidence): Anomaly[] {
  return splitsOf(statistics)
    .filter(([split]) => schema.splits.required.includes(split))
    .flatMap(([split, { labels }]) =>
      schema.labels.required
        .filter((label) => labels[label] === undefined)
        .map((label) =>
          error('LABEL_MISSING', {
            split,
            subject: label,
            value: 0,
            limit: 1,
            message: `Split ${split}: no photo of the label ${quoted(label)}, which the schema requires.`,
            remedy: `Add photos of ${quoted(label)}, or remove it from labels.required in the schema.`,
          }),
        ),
    );
}

export function imbalance({ statistics, schema }: Evidence): Anomaly[] {
  const labels = Object.entries(statistics.splits.train?.labels ?? {}).sort(([, a], [, b]) => a.count - b.count);
  const [fewest, most] = [labels[0], labels.at(-1)];
  if (fewest === undefined || most === undefined) return [];
  const ratio = most[1].count / fewest[1].count;
  if (ratio <= schema.labels.maxImbalance) return [];
  return [
    warning('LABEL_IMBALANCE', {
      split: 'train',
      subject: fewest[0],
      value: Number(ratio.toPrecision(4)),
      limit: schema.labels.maxImbalance,
      message: `Split train: ${photos(most[1].count)} of ${quoted(most[0])} and ${fewest[1].count} of ${quoted(fewest[0])}, more than ${schema.labels.maxImbalance} to 1.`,
      remedy: `Add photos of ${quoted(fewest[0])}, or train with class weights (classWeights: "balanced" of the Trainer's head).`,
    }),
  ];
}

export function labelsSince({ statistics, previous }: Evidence): Anomaly[] {
  if (previous === null) return [];
  const [now, before] = [labelsOf(statistics), labelsOf(previous)];
  const added = now.filter((label) => !before.includes(label));
  const removed = before.filter((label) => !now.includes(label));
  return [
    ...added.map((label) =>
      warning('LABEL_NEW_SINCE', {
        subject: label,
        message: `The label ${quoted(label)} is new since span ${previous.span}.`,
        remedy:
          'If this is intended, retrain and compare the metrics per label; if not, correct the folder or manifest.',
      }),
    ),
    ...removed.map((label) =>
      warning('LABEL_GONE_SINCE', {
        subject: label,
        message: `The label ${quoted(label)} of span ${previous.span} is missing.`,
        remedy: 'If this is not intended, look for a renamed or missing folder.',
      }),
    ),
  ];
}
