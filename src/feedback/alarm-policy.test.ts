import { describe, expect, it } from 'vitest';
import type { MonitorState } from '../contracts/loop/monitor.ts';
import { alarm, alphaOfEach, type JudgedWindow } from './alarm-policy.ts';
import { permutationsFor } from './monitors/permutations.ts';

const threshold = 0.002;
const day = (n: number) => new Date(Date.UTC(2026, 2, n));

/** One letter a day, oldest first: o = ok, b = breach by chance of 1 in 1,000, B = beyond doubt, n = not enough data, f = failed. */
function results(days: string, windowDays = 1): JudgedWindow[] {
  const states: Record<string, [MonitorState, number | null]> = {
    o: ['ok', 0.4],
    b: ['breach', 0.001],
    B: ['breach', 0.00001],
    n: ['not-enough-data', null],
    f: ['failed', null],
  };
  return [...days]
    .map((letter, i) => {
      const [state, p] = states[letter]!;
      return { state, windowStart: day(i + 1 - windowDays), windowEnd: day(i + 1), finding: { p, threshold } };
    })
    .reverse();
}

describe('when findings are an alarm', () => {
  it.each([
    ['', 'hold'],
    ['o', 'hold'],
    ['ob', 'hold'],
    ['obb', 'raise'],
    ['oB', 'raise'],
    ['bob', 'hold'],
    ['bnfb', 'raise'],
    ['bbn', 'raise'],
    ['bbo', 'hold'],
    ['bboo', 'clear'],
    ['bbono', 'clear'],
    ['nnn', 'hold'],
    ['f', 'hold'],
  ])('%s: %s', (days, expected) => {
    expect(alarm(results(days))).toBe(expected);
  });

  it('a window that shares requests with the one before does not confirm it', () => {
    expect(alarm(results('obb', 10))).toBe('hold');
    expect(alarm(results(`o${'b'.repeat(10)}`, 10))).toBe('hold');
    expect(alarm(results(`o${'b'.repeat(11)}`, 10))).toBe('raise');
  });

  it('beyond a fixed threshold is what somebody called an alarm', () => {
    const fixed = {
      state: 'breach',
      windowStart: day(1),
      windowEnd: day(2),
      finding: { p: null, threshold: 0.3 },
    } as const;
    expect(alarm([fixed])).toBe('raise');
  });

  it('shares the chance of a false alarm among the tests and over the day', () => {
    expect(alphaOfEach(10)).toBeCloseTo(0.002, 12);
    expect(alphaOfEach(10, 4)).toBeCloseTo(0.0005, 12);
    expect(alphaOfEach(0)).toBeCloseTo(0.02, 12);
  });

  it('leaves each test a chance that its permutations can reach, however many there are and however often they run', () => {
    for (const tests of [1, 11, 200, 5_000])
      for (const checks of [1, 24, 288, 1_440]) {
        const alpha = alphaOfEach(tests, checks);
        expect(1 / (1 + permutationsFor(alpha))).toBeLessThan(alpha);
      }
  });
});
