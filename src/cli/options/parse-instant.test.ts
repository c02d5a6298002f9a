import { expect, it } from 'vitest';
import { parseEnd, parseInstant } from './parse-instant.ts';

it.each([
  '2026-02-30',
  '0',
  '-1',
  '12026-01-01',
  '2026-11-23T25:00',
  'today',
])('refuses %j as a date of a flag', (text) => {
  for (const parse of [parseInstant, parseEnd]) expect(() => parse(text)).toThrow(/date or time that exists/);
});

it('reads a date without a zone as UTC; as an end it is the whole day', () => {
  expect(parseInstant('2026-11-23').toISOString()).toBe('2026-11-23T00:00:00.000Z');
  expect(parseInstant('2026-11-23T10:00').toISOString()).toBe('2026-11-23T10:00:00.000Z');
  expect(parseEnd('2026-11-23').toISOString()).toBe('2026-11-23T23:59:59.999Z');
  expect(parseEnd('2026-11-23T10:00').toISOString()).toBe('2026-11-23T10:00:00.000Z');
});
