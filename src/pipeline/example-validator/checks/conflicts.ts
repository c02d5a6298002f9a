import type { Anomaly } from '../../../contracts/artifacts/anomalies.ts';
import { type Evidence, error, percent, photos, quoted, splitsOf, warning } from '../report.ts';

/** Equal bytes with two labels: a few are a warning, many an error, since labels were probably mixed up. */
export function conflicts({ statistics, schema }: Evidence): Anomaly[] {
  const { count, first } = statistics.conflicts;
  const [example] = first;
  if (!example) return [];
  const share = count / (count + splitsOf(statistics).reduce((sum, [, split]) => sum + split.count, 0));
  const limit = schema.limits.maxConflicts;
  const finding = share > limit ? error : warning;
  return [
    finding('LABEL_CONFLICT', {
      value: Number(share.toPrecision(4)),
      limit,
      message: `${photos(count)} (${percent(share)}, limit ${percent(limit)}) with two labels left out, first ${quoted(...example.filenames)} as ${quoted(...example.labels)}.`,
      remedy: 'Decide which label is right and delete the other copy.',
      filenames: first.flatMap((row) => row.filenames),
    }),
  ];
}

/** One photo saved again under another label: at least one label of each group is wrong. */
export function alikeConflicts({ statistics }: Evidence): Anomaly[] {
  const { count, first } = statistics.alikeConflicts;
  const [example] = first;
  if (!example) return [];
  const share = count / splitsOf(statistics).reduce((sum, [, split]) => sum + split.count, 0);
  const groups = count === 1 ? '1 group' : `${count} groups`;
  return [
    warning('LABEL_CONFLICT_ALIKE', {
      value: Number(share.toPrecision(4)),
      message: `${groups} of photos look alike and have several labels, so at least ${percent(share)} of the labels are wrong; first ${quoted(...example.photos.map(({ filename }) => filename))} as ${quoted(...example.labels)}.`,
      remedy:
        'Look at these photos. If they show the same object, decide which label is right and delete the other copy.',
      filenames: first.flatMap((group) => group.photos.map(({ filename }) => filename)),
    }),
  ];
}
