import { expect, it } from 'vitest';
import { mannKendall } from './mann-kendall.ts';
import { Random } from './random.ts';

it('is exact: SciPy 1.14 kendalltau(method="exact") of the same series', () => {
  expect(mannKendall([1, 2, 3, 4, 5])).toEqual({ rise: 1, p: expect.closeTo(2 / 120, 12) });
  expect(mannKendall([1, 2, 3, 4]).p).toBeCloseTo(2 / 24, 12);
  // 4 of 15 pairs fall: 49 of 720 orders have at most 4 inversions + 29 + 14 + 5 + 1
  expect(mannKendall([2, 1, 4, 3, 6, 5]).rise).toBeCloseTo(9 / 15, 12);
  expect(mannKendall([2, 1, 4, 3, 6, 5]).p).toBeCloseTo((2 * (1 + 5 + 14 + 29)) / 720, 12);
  expect(mannKendall([5, 4, 3, 2, 1]).rise).toBe(-1);
});

it('shows nothing in one value, in equal values, and in 5 % of series without a trend', () => {
  expect(mannKendall([])).toEqual({ rise: 0, p: 1 });
  expect(mannKendall([0.4]).p).toBe(1);
  expect(mannKendall([0.4, 0.4, 0.4, 0.4, 0.4, 0.4]).p).toBe(1);
  const random = new Random(5);
  const shown = Array.from({ length: 2000 }, () => mannKendall(Array.from({ length: 20 }, () => random.float())).p);
  const share = shown.filter((p) => p < 0.05).length / shown.length;
  expect(share).toBeGreaterThan(0.03);
  expect(share).toBeLessThan(0.065);
});
