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
        remedy: `Give ${split} a share in ExampleGen's splits, or take it out of splits.required of the schema.`,
      }),
    );
}

export function photosInTwoSplits({ statistics }: Evidence): Anomaly[] {
  const { count, first } = statistics.photosAcrossSplits;
  if (count === 0) return [];
  return [
    error('PHOTO_IN_TWO_SPLITS', {
      value: count,
      limit: 0,
      message: `${photos(count)} in more than one split, first ${place(first[0]!)}: what is measured there was trained on.`,
      remedy: 'Keep each photo in one source only.',
      filenames: first.flatMap((row) => row.filenames),
    }),
  ];
}

export function groupsInTwoSplits({ statistics }: Evidence): Anomaly[] {
  const { count, first } = statistics.groupsAcrossSplits;
  if (count === 0) return [];
  return [
    error('GROUP_IN_TWO_SPLITS', {
      subject: first[0]!.id,
      value: count,
      limit: 0,
      message: `${count} ${count === 1 ? 'group' : 'groups'} in more than one split, first ${quoted(first[0]!.id)} with ${place(first[0]!)}: photos of one object are trained on and measured on.`,
      remedy: 'Let ExampleGen make the splits from one source with groupBy, or put each group into one folder only.',
      filenames: first.flatMap((row) => row.filenames),
    }),
  ];
}

/**
 * Only a warning: photos that look alike need not show the same object. Under `groupBy: 'near-duplicate'` ExampleGen has compared each such pair
 * by its pixels and kept it apart (on plantvillage all 8 pairs within 3 bits show different leaves), so there is nothing to say.
 */
export function nearDuplicatesInTwoSplits({ statistics }: Evidence): Anomaly[] {
  const { count, first } = statistics.nearDuplicatesAcrossSplits;
  if (count === 0 || statistics.groupBy === 'near-duplicate') return [];
  const pair = first[0]!;
  return [
    warning('NEAR_DUPLICATE_IN_TWO_SPLITS', {
      value: count,
      limit: 0,
      message: `${count} ${count === 1 ? 'pair' : 'pairs'} of photos look alike across splits (at most ${statistics.nearDuplicateDistance} of 64 hash bits differ), first ${quoted(...pair.filenames)} in ${pair.splits.join(' and ')}.`,
      remedy:
        'If they show one object, use groupBy: "near-duplicate" or an attribute that names the object; else the test split flatters the model.',
      filenames: first.flatMap((row) => row.filenames),
    }),
  ];
}

function place(overlap: Overlap): string {
  return `${quoted(...overlap.filenames)} in ${overlap.splits.join(' and ')}`;
}
