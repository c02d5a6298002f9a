import type { z } from 'zod';
import { recordFrom } from '../../codecs/record-from.ts';
import type { DataSchema } from '../../contracts/artifacts/data-schema.ts';
import { type ImageFormat, imageFormats, type Split, splits } from '../../contracts/artifacts/example.ts';
import {
  type AttributeStatistics,
  type NumericName,
  quantileLevels,
  type SplitStatistics,
  type Statistics,
} from '../../contracts/artifacts/statistics.ts';
import type { schemaGenSpec } from './spec.ts';

type Options = z.output<(typeof schemaGenSpec)['parameters']>;

/** Properties with a soft range. Colour means have none, since their usual range says nothing about a single photo; drift covers them. */
const ranged = ['aspect', 'brightness', 'contrast', 'sharpness'] as const satisfies readonly NumericName[];

/** Share of photos that may be outside a range: twice what is outside the 1 % and 99 % points, and a margin for small splits. */
const maxOutside = 0.05;

/** A schema of what these photos have in common, to be read, edited and committed. */
export function inferSchema(statistics: Statistics, options: Options): DataSchema {
  const parts = Object.values(statistics.splits);
  const labels = distinct(parts.flatMap((part) => Object.keys(part.labels)));
  const formats = new Set(parts.flatMap((part) => Object.keys(part.formats) as ImageFormat[]));
  return {
    format: 'mitate-schema/1',
    labels: { domain: labels, required: labels, maxImbalance: options.maxImbalance },
    formats: imageFormats.filter((format) => formats.has(format)),
    image: { minWidth: minSide(parts, 'width', options), minHeight: minSide(parts, 'height', options) },
    splits: { required: splits.filter((split: Split) => statistics.splits[split] !== undefined) },
    properties: Object.fromEntries(ranged.map((name) => [name, rangeOf(parts, name, statistics.bins[name])])),
    attributes: inferAttributes(parts, options.maxDomain),
    limits: { maxRejected: 0.05, maxConflicts: 0.01 },
    drift: { property: options.driftProperty, labels: options.driftLabels, splits: options.driftProperty },
  };
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

/** Half the smallest seen: a crop or another camera is fine, a thumbnail is not. */
function minSide(parts: SplitStatistics[], name: 'width' | 'height', options: Options): number {
  const smallest = Math.min(...parts.map((part) => quantileOf(part, name, 0)));
  return Math.max(options.minSide, Math.floor(smallest / 2));
}

function quantileOf(part: SplitStatistics, name: NumericName, level: (typeof quantileLevels)[number]): number {
  return part.numeric[name].quantiles[quantileLevels.indexOf(level)]!;
}

/**
 * Bin edges around the 1 % and 99 % points, since shares are counted by bins. Where such a point is itself an edge, the next one is taken: square
 * photos have the aspect 1, and one of 255 x 256 needs no warning.
 */
function rangeOf(parts: SplitStatistics[], name: NumericName, edges: readonly number[]) {
  const low = Math.min(...parts.map((part) => quantileOf(part, name, 0.01)));
  const high = Math.max(...parts.map((part) => quantileOf(part, name, 0.99)));
  return {
    min: edges.findLast((edge) => edge < low) ?? Math.min(low, ...edges),
    max: edges.find((edge) => edge > high) ?? Math.max(high, ...edges),
    maxOutside,
  };
}

function inferAttributes(parts: SplitStatistics[], maxDomain: number): DataSchema['attributes'] {
  const photos = parts.reduce((sum, part) => sum + part.count, 0);
  const names = distinct(parts.flatMap((part) => Object.keys(part.attributes)));
  const inferred = names.map((name) => {
    const found = parts.flatMap((part) => part.attributes[name] ?? []);
    const present = found.reduce((sum, attribute) => sum + attribute.present, 0);
    return [name, { required: present === photos, domain: domainOf(found, present, maxDomain) }] as const;
  });
  return recordFrom(inferred);
}

/** Null for identifiers: more values than `maxDomain`, or fewer than two photos per value on average. */
function domainOf(found: AttributeStatistics[], present: number, maxDomain: number): string[] | null {
  if (found.some((attribute) => attribute.distinct > Object.keys(attribute.values).length)) return null;
  const values = distinct(found.flatMap((attribute) => Object.keys(attribute.values)));
  return values.length <= maxDomain && values.length * 2 <= present ? values : null;
}
