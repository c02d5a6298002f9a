import { z } from 'zod';

/** 24 hours; calendar days may be 23 or 25. */
export const dayMs = 86_400_000;

const units = { ms: 1, s: 1_000, min: 60_000, m: 60_000, h: 3_600_000, d: dayMs };

const shape = /^(\d+(?:\.\d+)?)(ms|s|min|m|h|d)$/;

/** `500ms`, `30s`, `5min` or `5m`, `12h`, `90d`. */
export const durationSchema = z.string().regex(shape, 'must be a duration such as 500ms, 30s, 5min, 12h or 90d');

/** Null for anything that is not a duration. */
export function durationMs(text: unknown): number | null {
  const [, number, unit] = (typeof text === 'string' && shape.exec(text)) || [];
  return number === undefined ? null : Math.round(Number(number) * units[unit as keyof typeof units]);
}
