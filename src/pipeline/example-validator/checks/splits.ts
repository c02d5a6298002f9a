import type { Anomaly } from '../../../contracts/artifacts/anomalies.ts';
import type { Overlap } from '../../../contracts/artifacts/statistics.ts';
import { type Evidence, error, photos, quoted, warning } from '../report.ts';

export function missingSplits({ statistics, schema }: Evidence): Anomaly[] {
  return schema.splits.required
    .filter((split) => statistics.splits[split] === undefined)
    .map((split) =>
      error('SPLIT_MISSING', {
        split,
        value: 0,
        limit: 1,
        message: `The split ${split} has no photo, and the schema requires it.`,
        remedy: `Give ${split} a share in ExampleGen's splits, or remove it from splits.required in the schema.`,
      }),
    );
}

export function photosInTwoSplits({ statistics }: Evidence): Anomaly[] {
  const { count, first } = statistics.photosAcrossSplits;
  const [example] = first;
  if (!example) return [];
  return [
    error('PHOTO_IN_TWO_SPLITS', {
      value: count,
      limit: 0,
      message: `${photos(count)} in more than one split, first ${place(example)}: photos that measure the model are trained on.`,
      remedy: 'Keep each photo in one source only.',
      filenames: first.flatMap((row) => row.filenames),
    }),
  ];
}

export function groupsInTwoSplits({ statistics }: Evidence): Anomaly[] {
  const { count, first } = statistics.groupsAcrossSplits;
  const [example] = first;
  if (!example) return [];
  return [
    error('GROUP_IN_TWO_SPLITS', {
      subject: example.id,
      value: count,
      limit: 0,
      message: `${count} ${count === 1 ? 'group' : 'groups'} in more than one split, first ${quoted(example.id)} with ${place(example)}: photos of one object are used for training and for measuring.`,
      remedy: 'Let ExampleGen split one source with groupBy, or keep each group in one source only.',
      filenames: first.flatMap((row) => row.filenames),
    }),
  ];
}

/**
 * Only a warning, since photos that look alike need not show the same object. With `groupBy: 'near-duplicate'` ExampleGen has compared the pixels of
 * each such pair and found them different (on PlantVillage all 8 pairs within 3 bits show different leaves), so none is reported.
 */
export function nearDuplicatesInTwoSplits({ statistics }: Evidence): Anomaly[] {
  const { count, first } = statistics.nearDuplicatesAcrossSplits;
  const [pair] = first;
  if (!pair || statistics.groupBy === 'near-duplicate') return [];
  return [
    warning('NEAR_DUPLICATE_IN_TWO_SPLITS', {
      value: count,
      limit: 0,
      message: `${count} ${count === 1 ? 'pair' : 'pairs'} of photos look alike across splits (at most ${statistics.nearDuplicateDistance} of 64 hash bits differ), first ${quoted(...pair.filenames)} in ${pair.splits.join(' and ')}.`,
      remedy:
        'If they show one object, use groupBy: "near-duplicate" or an attribute that identifies the object; otherwise the metrics of the test split are too good.',
      filenames: first.flatMap((row) => row.filenames),
    }),
  ];
}

function place(overlap: Overlap): string {
  return `${quoted(...overlap.filenames)} in ${overlap.splits.join(' and ')}`;
}
