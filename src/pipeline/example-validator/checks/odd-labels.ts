import type { Anomaly } from '../../../contracts/artifacts/anomalies.ts';
import { groupByKey } from '../../../math/stats/group-by-key.ts';
import { type Evidence, labelsOf, photos, quoted, splitsOf, warning } from '../report.ts';

/** With fewer, eval and test have one photo of the label each. */
const fewPhotos = 5;

/** Labels that differ only in case, spaces, invisible characters, width, or the form of a number. */
export function alikeLabels({ statistics }: Evidence): Anomaly[] {
  const alike = [...groupByKey(labelsOf(statistics), plain).values()].filter((labels) => labels.length > 1);
  return alike.map((labels) =>
    warning('LABELS_ALIKE', {
      subject: labels[0]!,
      message: `The labels ${labels.map(visible).join(', ')} differ only in case, spaces, invisible characters or the form of a number.`,
      remedy: 'If they mean the same, rename the folders or correct the manifest, so that they are one label.',
    }),
  );
}

/** What labels are compared by: `Leaf_Rust` is `leaf rust`, `1.0` and `01` are `1`. */
function plain(label: string): string {
  const text = label
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Cf}\p{Cc}_-]/gu, '');
  return /^\d+([.,]\d+)?$/.test(text) ? String(Number(text.replace(',', '.'))) : text;
}

/** In quotes; invisible characters and unusual spaces as `U+200B`. */
function visible(label: string): string {
  const codeOf = (character: string) => `<U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`;
  return `"${label.replace(/[\p{Cf}\p{Cc}\p{Zl}\p{Zp}]|(?! )\p{Zs}|^ +| +$|(?<= ) +/gu, (found) => [...found].map(codeOf).join(''))}"`;
}

export function emptyLabels({ statistics }: Evidence): Anomaly[] {
  return statistics.emptyLabels.map((label) =>
    warning('LABEL_EMPTY', {
      subject: label,
      value: 0,
      message: `The folder of the label ${quoted(label)} has no photo, so the label is left out.`,
      remedy: `Add photos of ${quoted(label)}, or delete its folder.`,
    }),
  );
}

export function rareLabels({ statistics }: Evidence): Anomaly[] {
  const totals = labelsOf(statistics).map((label) => ({
    label,
    count: splitsOf(statistics).reduce((sum, [, { labels }]) => sum + (labels[label]?.count ?? 0), 0),
  }));
  return totals
    .filter(({ count }) => count < fewPhotos)
    .map(({ label, count }) =>
      warning('LABEL_RARE', {
        subject: label,
        value: count,
        limit: fewPhotos,
        message: `The label ${quoted(label)} has ${photos(count)} in all splits: too few to learn it or to measure the model on it.`,
        remedy: `Add photos of ${quoted(label)}, of other objects, until there are at least ${fewPhotos}; or leave the label out.`,
      }),
    );
}
