import type { Anomaly } from '../../../contracts/artifacts/anomalies.ts';
import type { ImageFormat } from '../../../contracts/artifacts/example.ts';
import type { NumericName } from '../../../contracts/artifacts/statistics.ts';
import { type Evidence, error, percent, photos, quoted, splitsOf, warning } from '../report.ts';
import { shareOutside } from '../share-outside.ts';

export function unknownFormats({ statistics, schema }: Evidence): Anomaly[] {
  return splitsOf(statistics).flatMap(([split, { formats }]) =>
    Object.entries(formats)
      .filter(([format]) => !schema.formats.includes(format as ImageFormat))
      .map(([format, count]) =>
        error('FORMAT_UNKNOWN', {
          split,
          subject: format,
          value: count,
          message: `Split ${split}: ${photos(count)} in the format ${format}; the schema allows ${schema.formats.join(', ')}.`,
          remedy: `Convert the photos, or add "${format}" to formats in the schema.`,
        }),
      ),
  );
}

export function tooSmall({ statistics, schema: { image } }: Evidence): Anomaly[] {
  return splitsOf(statistics).flatMap(([split, { smallest }]) => {
    const below = smallest.filter(({ width, height }) => width < image.minWidth || height < image.minHeight);
    const [first] = below;
    if (first === undefined) return [];
    const count = below.length === smallest.length && below.length >= 20 ? 'at least 20 photos' : photos(below.length);
    return error('IMAGE_TOO_SMALL', {
      split,
      value: Math.min(first.width, first.height),
      limit: Math.min(image.minWidth, image.minHeight),
      message: `Split ${split}: ${count} below ${image.minWidth}x${image.minHeight} px, first ${quoted(first.filename)} with ${first.width}x${first.height}.`,
      remedy: 'Replace thumbnails by the original photos, or lower image.minWidth and image.minHeight in the schema.',
      filenames: below.map(({ filename }) => filename),
    });
  });
}

/** Beyond the allowed share and beyond chance: one photo of 16 is 6 %, which does not exceed a limit of 5 % significantly. */
export function outOfRange({ statistics, schema }: Evidence): Anomaly[] {
  return splitsOf(statistics).flatMap(([split, { count, numeric }]) =>
    Object.entries(schema.properties).flatMap(([name, range]) => {
      const edges = statistics.bins[name as NumericName];
      const outside = shareOutside(numeric[name as NumericName].histogram, edges, range.min, range.max);
      if (outside <= range.maxOutside + threeDeviations(range.maxOutside, count)) return [];
      return warning('PROPERTY_OUT_OF_RANGE', {
        split,
        subject: name,
        value: Number(outside.toPrecision(4)),
        limit: range.maxOutside,
        message: `Split ${split}: ${percent(outside)} of the photos are outside ${range.min} to ${range.max} in ${name} (limit ${percent(range.maxOutside)}).`,
        remedy: `Check these photos: another camera or light? If future photos will look like them, retrain and widen properties.${name} in the schema.`,
      });
    }),
  );
}

/** Of a share `p` seen in `count` photos. */
function threeDeviations(p: number, count: number): number {
  return 3 * Math.sqrt((p * (1 - p)) / count);
}

/** Files that did not become examples. */
export function manyRejected({ statistics, schema }: Evidence): Anomaly[] {
  const { count, codes } = statistics.rejected;
  const share = count / (count + splitsOf(statistics).reduce((sum, [, split]) => sum + split.count, 0));
  if (share <= schema.limits.maxRejected) return [];
  const reasons = Object.entries(codes).map(([code, n]) => `${code} ${n}`);
  return [
    error('REJECTED_MANY', {
      value: Number(share.toPrecision(4)),
      limit: schema.limits.maxRejected,
      message: `${percent(share)} of the files were rejected (limit ${percent(schema.limits.maxRejected)}): ${reasons.join(', ')}.`,
      remedy: 'rejected.jsonl of the examples lists each file with its reason; repair or delete them.',
    }),
  ];
}
