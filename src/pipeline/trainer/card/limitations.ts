import type { CardFacts } from './facts.ts';

/** What a reader of the figures has to know. */
export function limitations(facts: CardFacts): string[] {
  return [
    'The figures are of the eval split, which chose the epoch, the temperature and the threshold; the Evaluator judges on the test split.',
    ...grouping(facts),
    ...background(facts),
    ...calibration(facts),
    'Photos unlike the training photos (other cameras, light, backgrounds, species) are answered too, and less well than the figures say.',
    'It always answers with one of its labels: a photo of something else gets one of them as well.',
  ];
}

function grouping({ summary }: CardFacts): string[] {
  switch (summary.groupBy) {
    case 'attribute':
      return [];
    case 'near-duplicate':
      return [
        'Photos were grouped by near-duplicates, which is not the same as by object: several photos of one object may lie in different splits, so the figures may be too good.',
      ];
    case 'none':
      return [
        'Photos were not grouped: photos of one object may lie in different splits, so the figures may be too good.',
      ];
  }
}

function background({ probe }: CardFacts): string[] {
  if (!probe?.fires) return [];
  return [
    `The backgrounds give labels away: 8 border pixels alone reach ${(100 * probe.accuracy).toFixed(0)} % where chance is ${(100 * probe.chance).toFixed(0)} %. Expect far less on photos with other backgrounds.`,
  ];
}

function calibration({ calibration }: CardFacts): string[] {
  switch (calibration.method) {
    case 'eval-half':
      return [];
    case 'train-cross-fit':
      return [
        'The eval split is too small to be halved: temperature and threshold come from out-of-fold answers to train photos.',
      ];
    case 'none':
      return ['Too few photos to calibrate: temperature 1 and threshold 0.5 were taken as they are.'];
  }
}
