import { expect, it } from 'vitest';
import { durationMs, durationSchema } from './duration.ts';

it.each([
  ['500ms', 500],
  ['1.5s', 1_500],
  ['5min', 300_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
])('a duration: %s is %i ms', (text, ms) => {
  expect(durationMs(text)).toBe(ms);
  expect(durationSchema.safeParse(text).success).toBe(true);
});

it.each([
  '',
  '5',
  'm',
  '5 min',
  '-1h',
  '1w',
  '5M',
  '36526d',
  '99999999999999999999d',
])('not a duration: "%s"', (text) => {
  expect(durationMs(text)).toBeNull();
  expect(durationSchema.safeParse(text).success).toBe(false);
});
