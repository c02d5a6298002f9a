import type { Anomaly, AnomalyCode, Severity } from '../../contracts/artifacts/anomalies.ts';
import type { DataSchema } from '../../contracts/artifacts/data-schema.ts';
import type { Split } from '../../contracts/artifacts/example.ts';
import type { SplitStatistics, Statistics } from '../../contracts/artifacts/statistics.ts';

/** Input of the checks. */
export interface Evidence {
  statistics: Statistics;
  schema: DataSchema;
  /** Of the previous span; null = none. */
  previous: Statistics | null;
}

export type Finding = Omit<Anomaly, 'code' | 'severity'>;

export function error(code: AnomalyCode, finding: Finding): Anomaly {
  return anomaly('error', code, finding);
}

export function warning(code: AnomalyCode, finding: Finding): Anomaly {
  return anomaly('warning', code, finding);
}

function anomaly(severity: Severity, code: AnomalyCode, { filenames, ...finding }: Finding): Anomaly {
  return { code, severity, ...finding, ...(filenames && { filenames: filenames.slice(0, 10) }) };
}

export function splitsOf(statistics: Statistics): [Split, SplitStatistics][] {
  return Object.entries(statistics.splits) as [Split, SplitStatistics][];
}

export function labelsOf(statistics: Evidence['statistics']): string[] {
  return [...new Set(splitsOf(statistics).flatMap(([, split]) => Object.keys(split.labels)))].sort();
}

/** `12.3 %`. @param share 0..1 */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

/** `1 photo`, `2 photos`. */
export function photos(count: number): string {
  return count === 1 ? '1 photo' : `${count} photos`;
}

/** At most five names in quotes, so that unusual ones stand out. */
export function quoted(...names: string[]): string {
  const shown = names.slice(0, 5).map((name) => JSON.stringify(name));
  return names.length > 5 ? `${shown.join(', ')} and ${names.length - 5} more` : shown.join(', ');
}
