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
            ? 'If the splits come from different sources, read the figures of this split as those of another place; else draw them from one source.'
            : 'Look at the new photos. If they are what is to come, train anew; a trigger on drift does it by itself.',
      }),
    );
}

function sentence({ kind, subject, split, measure, distance, limit }: Drift): string {
  const what = kind === 'labels' ? 'the label shares' : kind === 'attribute' ? `the shares of ${subject}` : subject;
  const from = kind === 'split' ? 'the split train' : 'the span before';
  const name = measure === 'jensen-shannon' ? 'Jensen-Shannon' : 'Kolmogorov-Smirnov';
  return `Split ${split}: ${what} moved away from ${from} by ${distance} (${name}, at most ${limit}).`;
}

export function backgroundGivesAway(probe: BackgroundProbe | null): Anomaly[] {
  if (probe === null || !probe.fires) return [];
  return [
    warning('BACKGROUND_GIVES_LABELS_AWAY', {
      value: probe.accuracy,
      limit: probe.chance,
      message: `8 border pixels alone tell the label in ${percent(probe.accuracy)} of the photos (95 % interval ${percent(probe.low)} to ${percent(probe.high)}); guessing would give ${percent(probe.chance)}. The data set gives itself away: a model may read the background.`,
      remedy:
        'Expect worse figures on photos from elsewhere. Test on field photos, add photos with varied backgrounds, and look at the heat maps.',
    }),
  ];
}
