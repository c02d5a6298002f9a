import { describe, expect, it } from 'vitest';
import { Random } from '../stats/random.ts';
import { countsDiffer } from './g-test.ts';
import { jsDistance, jsDivergence } from './js-divergence.ts';
import { ksCritical, ksOfHistograms } from './ks.ts';

describe('Jensen-Shannon', () => {
  it('is 0 for equal shares, 1 for disjoint ones, and takes counts', () => {
    expect(jsDivergence([1, 2, 3], [10, 20, 30])).toBeCloseTo(0, 12);
    expect(jsDivergence([5, 0], [0, 7])).toBe(1);
    expect(jsDivergence([0, 0], [1, 1])).toBeNaN();
  });

  it('equals the definition worked out apart (base 2)', () => {
    expect(jsDistance([1, 0], [0.5, 0.5])).toBeCloseTo(0.5579230452841438, 12);
    expect(jsDistance([0.1, 0.9], [0.4, 0.6])).toBeCloseTo(0.3021672226, 9);
  });
});

describe('Kolmogorov-Smirnov', () => {
  it('is the largest difference of the cumulative shares', () => {
    expect(ksOfHistograms([1, 1, 1, 1], [0, 0, 2, 2])).toBeCloseTo(0.5, 12);
    expect(ksOfHistograms([3, 1], [30, 10])).toBe(0);
    expect(ksOfHistograms([], [])).toBeNaN();
  });

  it('has the tabulated critical values', () => {
    expect(ksCritical(100, 100, 0.05)).toBeCloseTo(1.358 * Math.sqrt(0.02), 3);
    expect(ksCritical(1, 1, 0.001)).toBeCloseTo(1.949 * Math.sqrt(2), 2);
  });
});

describe('G-test', () => {
  it('tells 50:50 from 70:30 at 200 each, and not at 20 each', () => {
    expect(countsDiffer([100, 100], [140, 60], 0.01)).toBe(true);
    expect(countsDiffer([10, 10], [14, 6], 0.01)).toBe(false);
  });

  it('alarms on about 1 % of samples that differ by chance alone', () => {
    const random = new Random(3);
    const draw = () => {
      const counts = new Array<number>(6).fill(0);
      for (let i = 0; i < 300; i++) counts[random.int(6)]!++;
      return counts;
    };
    let alarms = 0;
    for (let i = 0; i < 3000; i++) if (countsDiffer(draw(), draw(), 0.01)) alarms++;
    expect(alarms / 3000).toBeGreaterThan(0.004);
    expect(alarms / 3000).toBeLessThan(0.018);
  });
});
