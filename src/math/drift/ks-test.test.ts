import { describe, expect, it } from 'vitest';
import { kolmogorov, ksTest } from './ks-test.ts';

const a = [
  0.61, 0.29, 0.06, 0.59, -1.73, -0.74, 0.51, -0.56, 0.39, 1.64, 0.05, -0.06, 0.64, -0.82, 0.37, 1.77, 1.09, -1.28,
  2.36, 1.31, 1.05, -0.32, -0.4, 1.06, -2.47,
];
const b = [-0.72, 1.6, 0.85, 2.2, 0.31, 1.9, 0.02, 1.11, 0.95, 2.71, -0.13, 0.4, 1.25, 0.66, 0.18];

describe('the two-sample Kolmogorov-Smirnov test', () => {
  it("agrees with SciPy's exact p-value (ks_2samp, method exact)", () => {
    const { statistic, p } = ksTest(a, b);
    expect(statistic).toBeCloseTo(0.32, 12);
    expect(p).toBeCloseTo(0.2460740681334082, 10);
  });

  it("agrees with SciPy's Kolmogorov distribution", () => {
    const known = [
      [0.5, 0.9639452436648751],
      [0.8, 0.5441424115741981],
      [1, 0.26999967167735456],
      [1.36, 0.049485876755377876],
      [2, 0.0006709252557796953],
    ] as const;
    for (const [x, p] of known) expect(kolmogorov(x)).toBeCloseTo(p, 9);
  });

  it('knows equal, disjoint and tied samples', () => {
    expect(ksTest([1, 2, 3], [1, 2, 3])).toEqual({ statistic: 0, p: 1 });
    expect(ksTest([1, 2, 3], [4, 5, 6]).statistic).toBe(1);
    expect(ksTest([1, 2, 3], [4, 5, 6]).p).toBeCloseTo(2 / 20, 12);
    expect(ksTest([0, 0, 1, 1], [0, 0, 0, 1]).statistic).toBeCloseTo(0.25, 12);
    expect(() => ksTest([], [1])).toThrow(RangeError);
  });

  it('refuses NaN, over which it would walk for ever', () => {
    expect(() => ksTest([1, Number.NaN, 2], [1, 2])).toThrow('NaN');
    expect(() => ksTest([1], [Number.NaN])).toThrow('NaN');
    expect(ksTest([1, Number.POSITIVE_INFINITY], [1, 2]).statistic).toBe(0.5);
  });
});
