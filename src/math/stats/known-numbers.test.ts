import { describe, expect, it } from 'vitest';
import { chiSquaredTail } from './chi-squared.ts';
import { cholesky, solveCholesky } from './cholesky.ts';
import { normalQuantile } from './normal-quantile.ts';
import { permutationTest } from './permutation.ts';
import { fisherExact, wilsonInterval } from './proportion.ts';
import { Random } from './random.ts';

// Constants: SciPy 1.17 (fisher_exact, binomtest().proportion_ci(method="wilson"), chi2.sf, norm.ppf, permutation_test).

describe("Fisher's exact test", () => {
  it('agrees with SciPy', () => {
    expect(fisherExact([3, 50], [12, 60])).toBeCloseTo(0.04910292051872377, 9);
    expect(fisherExact([0, 40], [5, 200])).toBeCloseTo(0.5933712930529799, 9);
    expect(fisherExact([40, 300], [80, 310])).toBeCloseTo(0.0001049214379186313, 9);
    expect(fisherExact([7, 7], [2, 9])).toBeCloseTo(0.0032342657342657346, 9);
  });

  it('counts half of the tables as likely as the one seen, when asked', () => {
    // 7 of 7 against 2 of 9: 36 of 11,440 tables; the only ones of so small a chance are that, and 1 of the other end
    const exact = fisherExact([7, 7], [2, 9]);
    const mid = fisherExact([7, 7], [2, 9], { midP: true });
    expect(exact - mid).toBeCloseTo(36 / 11440 / 2, 9);
    expect(fisherExact([0, 50], [0, 60])).toBe(1);
  });
});

describe("Wilson's interval", () => {
  it('agrees with SciPy, and knows nothing of nothing', () => {
    const known = [
      [0, 20, 0, 0.16112515805281935],
      [3, 50, 0.020614970348973957, 0.1621709168883817],
      [188, 200, 0.8980683070423372, 0.9653478057456681],
    ] as const;
    for (const [count, total, low, high] of known) {
      expect(wilsonInterval(count, total).low).toBeCloseTo(low, 8);
      expect(wilsonInterval(count, total).high).toBeCloseTo(high, 8);
    }
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
  });
});

describe('distributions', () => {
  it('agree with SciPy', () => {
    const tails = [
      [3.841459, 1, 0.04999999465319563],
      [9.21034, 2, 0.010000001859881084],
      [20, 18, 0.3328196787507191],
      [50, 18, 7.548264164706444e-5],
      [0.5, 5, 0.9921232932326296],
      [120, 60, 6.876264968732136e-6],
    ] as const;
    for (const [x, degrees, tail] of tails) expect(chiSquaredTail(x, degrees) / tail).toBeCloseTo(1, 9);
    expect(chiSquaredTail(0, 4)).toBe(1);
    expect(normalQuantile(0.5)).toBeCloseTo(0, 8);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 7);
    expect(normalQuantile(0.0001)).toBeCloseTo(-3.7190164854556804, 7);
    expect(normalQuantile(0.99999)).toBeCloseTo(4.264890793923841, 7);
  });
});

describe('the permutation test', () => {
  const values = [1.1, 2.3, 0.4, 3.9, 2.2, 1.8, 2.9, 3.8, 4.1, 3.3, 2.7];
  const difference = (isFirst: Uint8Array) => {
    const sums = [0, 0];
    values.forEach((value, i) => {
      sums[isFirst[i]!]! += value;
    });
    return Math.abs(sums[1]! / 6 - sums[0]! / 5);
  };

  it('a statistic that is no number is no finding: its p was the smallest there is', () => {
    expect(() => permutationTest(1, 5, () => Number.NaN, { seed: 1 })).toThrow(RangeError);
  });

  it("agrees with SciPy's test over all 462 permutations, within its own error", () => {
    const { statistic, p } = permutationTest(6, 5, difference, { seed: 1, permutations: 20_000 });
    expect(statistic).toBeCloseTo(1.41, 9);
    // it stops at the 20th of them: a standard error is a fifth
    expect(Math.abs(p - 0.045454545)).toBeLessThan(3 * 0.0455 * Math.sqrt(1 / 20));
  });

  it('stops once it knows, never says less than one in so many, and its errors have the promised rate', () => {
    const drawn: number[] = [];
    const alike = permutationTest(6, 5, () => 1, { seed: 1, onDraw: (statistic) => drawn.push(statistic) });
    expect(alike).toEqual({ statistic: 1, p: 1, permutations: 20 });
    expect(drawn).toEqual(new Array(20).fill(1));
    const far = [...Array(30).fill(0), ...Array(30).fill(9)] as number[];
    const sum = (isFirst: Uint8Array) => far.reduce((total, value, i) => total + (isFirst[i] ? 0 : value), 0);
    expect(permutationTest(30, 30, sum, { seed: 1, permutations: 99 })).toMatchObject({ p: 0.01, permutations: 99 });
    const random = new Random(5);
    let alarms = 0;
    for (let i = 0; i < 2000; i++) {
      const drawn = Float64Array.from({ length: 30 }, () => random.normal());
      const mean = (isFirst: Uint8Array) => drawn.reduce((total, value, k) => total + (isFirst[k] ? value : 0), 0);
      if (permutationTest(15, 15, mean, { seed: i, permutations: 199 }).p <= 0.05) alarms++;
    }
    expect(alarms / 2000).toBeGreaterThan(0.035);
    expect(alarms / 2000).toBeLessThan(0.065);
  });
});

describe("Cholesky's factor", () => {
  it('solves what it was made of', () => {
    const matrix = Float64Array.of(4, 2, 0.6, 2, 5, 1, 0.6, 1, 3);
    const right = Float64Array.of(1, -2, 0.5);
    const x = solveCholesky(cholesky(matrix.slice(), 3), 3, right.slice());
    for (let k = 0; k < 3; k++)
      expect(x.reduce((sum, value, l) => sum + matrix[3 * k + l]! * value, 0)).toBeCloseTo(right[k]!, 12);
  });
});
