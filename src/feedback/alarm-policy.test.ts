import { describe, expect, it } from 'vitest';
import { dayMs } from '../codecs/duration.ts';
import type { MonitorState } from '../contracts/loop/monitor.ts';
import { Random } from '../math/stats/random.ts';
import { alarm, alphaOfEach, type JudgedWindow } from './alarm-policy.ts';
import { permutationsFor } from './monitors/permutations.ts';

const threshold = 0.002;
const day = (n: number) => new Date(Date.UTC(2026, 2, n));

/** One letter a day, oldest first: o = ok, b = breach by chance of 1 in 1,000, s = of 1 in 4,000, B = beyond doubt, n = not enough data, f = failed. */
function results(days: string, windowDays = 1): JudgedWindow[] {
  const states: Record<string, [MonitorState, number | null]> = {
    o: ['ok', 0.4],
    b: ['breach', 0.001],
    s: ['breach', 0.00025],
    B: ['breach', 0.000001],
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
    ['obb', 'hold'],
    ['obbb', 'raise'],
    ['os', 'hold'],
    ['oss', 'raise'],
    ['oB', 'raise'],
    ['bbob', 'hold'],
    ['bnfbb', 'raise'],
    ['bbbn', 'raise'],
    ['bbbo', 'hold'],
    ['bbboo', 'clear'],
    ['bbbono', 'clear'],
    ['nnn', 'hold'],
    ['f', 'hold'],
  ])('%s: %s', (days, expected) => {
    expect(alarm(results(days))).toBe(expected);
  });

  it('a window that shares requests with the one before does not confirm it', () => {
    expect(alarm(results('osss', 10))).toBe('hold');
    expect(alarm(results(`o${'s'.repeat(10)}`, 10))).toBe('hold');
    expect(alarm(results(`o${'s'.repeat(11)}`, 10))).toBe('raise');
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

  it('comes by chance once in five years of ten daily tests, at most', () => {
    const alpha = alphaOfEach(10);
    const random = new Random('years');
    const monitorYears = 4_000;
    let alerts = 0;
    for (let i = 0; i < monitorYears; i++) {
      let streak: JudgedWindow[] = [];
      for (let n = 1; n <= 365; n++) {
        const p = 1 - random.float();
        const state = p < alpha ? 'breach' : 'ok';
        streak = [
          {
            state,
            windowStart: new Date(n * dayMs),
            windowEnd: new Date((n + 1) * dayMs),
            finding: { p, threshold: alpha },
          },
          ...streak,
        ].slice(0, 31) as JudgedWindow[];
        if (alarm(streak) === 'raise') alerts++;
      }
    }
    // ten monitors are an endpoint
    expect((10 * alerts) / monitorYears).toBeLessThanOrEqual(0.2);
    expect(alerts).toBeGreaterThan(0);
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
        const p = 1 / (1 + permutationsFor(alpha));
        expect(p).toBeLessThan(alpha);
        const windows = [3, 2, 1].map(
          (n): JudgedWindow => ({
            state: 'breach',
            windowStart: day(n),
            windowEnd: day(n + 1),
            finding: { p, threshold: alpha },
          }),
        );
        expect(alarm(windows)).toBe('raise');
        if (alpha > 0.00034) expect(alarm(windows.slice(1))).toBe('raise');
      }
  });
});
