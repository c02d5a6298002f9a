import { z } from 'zod';

/** 24 hours; calendar days may be 23 or 25. */
export const dayMs = 86_400_000;

const units = { ms: 1, s: 1_000, min: 60_000, m: 60_000, h: 3_600_000, d: dayMs };

const shape = /^(\d+(?:\.\d+)?)(ms|s|min|m|h|d)$/;

/** A hundred years: no date lies outside what a calendar or a database has. */
const longestMs = 36_525 * dayMs;

/** `500ms`, `30s`, `5min` or `5m`, `12h`, `90d`. */
export const durationSchema = z
  .string()
  .regex(shape, 'must be a duration such as 500ms, 30s, 5min, 12h or 90d')
  .refine((text) => !shape.test(text) || durationMs(text) !== null, 'must be at most 36525d');

/** Null for anything that is not a duration, or is longer than a hundred years. */
export function durationMs(text: unknown): number | null {
  const [, number, unit] = (typeof text === 'string' && shape.exec(text)) || [];
  const ms = Math.round(Number(number) * units[unit as keyof typeof units]);
  return ms <= longestMs ? ms : null;
}
