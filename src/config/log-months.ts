import { MitateError } from '../errors/index.ts';
import type { ConfigSources } from './sources.ts';

const usualMonths = 13;

/** `MITATE_LOG_MONTHS`: months of the request log in the database before they are exported to Parquet. 0 = no limit; default 13. */
export function resolveLogMonths({ env }: ConfigSources): number {
  const months = Number(env.MITATE_LOG_MONTHS || usualMonths);
  if (Number.isInteger(months) && months >= 0) return months;
  throw new MitateError('CONFIG_INVALID', { setting: 'MITATE_LOG_MONTHS', expected: 'a whole number, 0 = no limit' });
}
