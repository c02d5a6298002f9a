import type { Anomaly, AnomalyCode, BackgroundProbe, Drift } from '../../../contracts/artifacts/anomalies.ts';
import { percent, warning } from '../report.ts';

const codes: Record<Drift['kind'], AnomalyCode> = {
  property: 'PROPERTY_DRIFT',
  labels: 'LABEL_DRIFT',
  attribute: 'ATTRIBUTE_DRIFT',
  split: 'SPLIT_SKEW',
};

/** A warning for each distance that is above its limit and beyond chance. */
export function drifted(distances: readonly Drift[]): Anomaly[] {
  return distances
    .filter((drift) => drift.drifted)
    .map((drift) =>
      warning(codes[drift.kind], {
        split: drift.split,
        subject: drift.subject,
        value: drift.distance,
        limit: drift.limit,
        message: sentence(drift),
        remedy:
          drift.kind === 'split'
            ? 'If the splits come from different sources, metrics of this split measure another distribution; else draw the splits from one source.'
            : 'Inspect the new photos. If future photos will look like them, retrain; a trigger on drift does it automatically.',
      }),
    );
}

function sentence({ kind, subject, split, measure, distance, limit }: Drift): string {
  const what = kind === 'labels' ? 'the label shares' : kind === 'attribute' ? `the shares of ${subject}` : subject;
  const from = kind === 'split' ? 'the train split' : 'the previous span';
  const name = measure === 'jensen-shannon' ? 'Jensen-Shannon' : 'Kolmogorov-Smirnov';
  return `Split ${split}: ${what} drifted from ${from} by ${distance} (${name}, limit ${limit}).`;
}

export function backgroundGivesAway(probe: BackgroundProbe | null): Anomaly[] {
  if (probe === null || !probe.fires) return [];
  return [
    warning('BACKGROUND_GIVES_LABELS_AWAY', {
      value: probe.accuracy,
      limit: probe.chance,
      message: `8 border pixels alone predict the label of ${percent(probe.accuracy)} of the photos (95 % interval ${percent(probe.low)} to ${percent(probe.high)}); guessing gives ${percent(probe.chance)}. A model may learn the background.`,
      remedy:
        'Expect worse metrics on photos from elsewhere. Test on field photos, add photos with varied backgrounds, and inspect the heat maps.',
    }),
  ];
}
