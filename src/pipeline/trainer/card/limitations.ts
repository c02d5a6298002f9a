import type { CardFacts } from './facts.ts';

/** Limitations of the metrics and of the model. */
export function limitations(facts: CardFacts): string[] {
  return [
    'The metrics are measured on the eval split, which also chose the epoch, the temperature and the threshold. The Evaluator measures on the test split, which chose nothing.',
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
    `${always} By default, endpoints warn of a photo that is farther from the training photos than nearly all photos like them, and refuse a photo ${above.toFixed(1)} times as far. The metrics show how often. Another subject in a similar photo mostly goes unnoticed: see the photos of a label left out.`,
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
