import type { CardFacts } from './facts.ts';

/** Limitations of the metrics and of the model. */
export function limitations(facts: CardFacts): string[] {
  return [
    'The metrics are measured on the eval split, which chose the epoch, the temperature and the threshold; the Evaluator measures on the test split.',
    ...grouping(facts),
    ...background(facts),
    ...calibration(facts),
    'Photos unlike the training photos (other cameras, light, backgrounds, species) are classified, too, with lower accuracy than the metrics show.',
    ...strange(facts),
  ];
}

function strange({ refusal }: CardFacts): string[] {
  const always = 'The model always predicts one of its labels, even for a photo of something else.';
  if (refusal === null) return [always];
  const { above } = refusal;
  return [
    `${always} Endpoints warn of photos that are farther from the training photos than nearly all of them are from each other, and refuse those ${above.toFixed(1)} times as far; the metrics have the shares. Other subjects in similar photos are mostly not told: see the photos of a label left out.`,
  ];
}

function grouping({ summary }: CardFacts): string[] {
  switch (summary.groupBy) {
    case 'attribute':
      return [];
    case 'near-duplicate':
      return [
        'Photos were grouped by similarity, not by object: dissimilar photos of one object may be in different splits, so the metrics may be too good.',
      ];
    case 'none':
      return [
        'Photos were not grouped: photos of one object may be in different splits, so the metrics may be too good.',
      ];
  }
}

function background({ probe }: CardFacts): string[] {
  if (!probe?.fires) return [];
  return [
    `The background predicts the labels: 8 border pixels alone reach ${(100 * probe.accuracy).toFixed(0)} % accuracy (chance: ${(100 * probe.chance).toFixed(0)} %). Expect much lower accuracy on photos with other backgrounds.`,
  ];
}

function calibration({ calibration }: CardFacts): string[] {
  switch (calibration.method) {
    case 'eval-half':
      return [];
    case 'train-cross-fit':
      return [
        'The eval split is too small to be halved: temperature and threshold are fitted on out-of-fold predictions for train photos.',
      ];
    case 'none':
      return ['There are too few photos to calibrate: temperature 1 and threshold 0.5 are used.'];
  }
}
