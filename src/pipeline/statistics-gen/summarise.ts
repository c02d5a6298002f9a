import type { Example } from '../../contracts/artifacts/example.ts';
import {
  type Numeric,
  type NumericName,
  type NumericSummary,
  numericNames,
  quantileLevels,
} from '../../contracts/artifacts/statistics.ts';
import { quantile } from '../../math/stats/bootstrap.ts';
import { binOf, bins } from './bins.ts';

/** Six significant digits: enough to compare, short enough to read. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

/** @param values at least one */
export function summariseNumbers(values: Float64Array, edges: readonly number[]): NumericSummary {
  const sorted = values.slice().sort();
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length;
  const histogram = new Array<number>(edges.length - 1).fill(0);
  for (const value of sorted) histogram[binOf(value, edges)]!++;
  return {
    mean: rounded(mean),
    deviation: rounded(Math.sqrt(variance)),
    quantiles: quantileLevels.map((level) => rounded(quantile(sorted, level))),
    histogram,
  };
}

function numberOf(example: Example, name: NumericName): number {
  return name === 'sizeBytes' ? example.sizeBytes : example.properties[name];
}

/** Summaries of all numeric properties. @param examples at least one */
export function summarise(examples: readonly Example[]): Numeric {
  const summaries = numericNames.map((name) => {
    const values = Float64Array.from(examples, (example) => numberOf(example, name));
    return [name, summariseNumbers(values, bins[name])] as const;
  });
  return Object.fromEntries(summaries) as Numeric;
}
