import { describe, expect, it } from 'vitest';
import { correctPriors } from '../calibration/prior-shift.ts';
import { weightedShare } from '../metrics/weighted-share.ts';
import { Random } from '../stats/random.ts';
import { binnedTest } from './binned-test.ts';
import { binsOf, equalCountEdges } from './bins.ts';
import { domainClassifier } from './domain-classifier.ts';
import { jsDistance, jsDivergence } from './js-divergence.ts';
import { ksTest } from './ks-test.ts';
import { largestKs } from './largest-ks.ts';
import { mmdTest, squaredDistances } from './mmd.ts';
import { psi } from './psi.ts';

// Constants: NumPy 2 and SciPy 1.17, from the definitions; p-values of small tables by going through all of them.

describe('Jensen-Shannon and PSI', () => {
  it('agree with SciPy and with NumPy', () => {
    const [p, q] = [
      [30, 50, 20, 0],
      [22, 41, 30, 7],
    ];
    expect(jsDistance(p!, q!)).toBeCloseTo(0.2234608224298186, 12);
    expect(jsDivergence(p!, q!)).toBeCloseTo(0.04993473916101092, 12);
    expect(psi(p!, q!)).toBeCloseTo(0.2659762701865823, 12);
    expect(psi([0, 0], [1, 2])).toBeNaN();
  });

  it('are judged by permutations as by going through every table', () => {
    const bins = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2];
    for (const [divergence, statistic] of [
      [psi, 0.5106433842289347],
      [jsDistance, 0.3304836039923722],
    ] as const) {
      const shares = Array.from({ length: 50 }, (_, seed) => binnedTest(bins, 15, 3, divergence, { seed }));
      expect(shares[0]!.statistic).toBeCloseTo(statistic, 9);
      // a sequential p is known to a fifth; the mean of 50 to a thirty-fifth
      const mean = shares.reduce((sum, { p }) => sum + p, 0) / shares.length;
      expect(Math.abs(mean / 0.14608454286788497 - 1)).toBeLessThan(0.12);
    }
  });

  it('bins by equal counts, and less where values tie', () => {
    const edges = equalCountEdges([5, 1, 4, 2, 3, 0], 3);
    expect([...edges]).toEqual([2, 4]);
    expect([...binsOf([-1, 1.9, 2, 3, 4, 99], edges)]).toEqual([0, 0, 1, 1, 2, 2]);
    expect(equalCountEdges([1, 1, 1, 1], 4)).toHaveLength(0);
  });
});

describe('Kolmogorov-Smirnov', () => {
  const x = Float64Array.from({ length: 40 }, (_, i) => 2 * Math.sin(i * 1.7));
  const y = Float64Array.from({ length: 25 }, (_, i) => 2 * Math.cos(i * 2.3) + 0.4);

  it('agrees with SciPy on samples of two sizes', () => {
    expect(ksTest(x, y).statistic).toBeCloseTo(0.24, 12);
    expect(ksTest(x, y).p).toBeCloseTo(0.2881448317933554, 9);
  });

  it('of several measures takes the largest, and its p is that of the largest', () => {
    const both = Float64Array.from([...x, ...y]);
    const flat = new Float64Array(65).fill(3);
    const one = largestKs([flat, both], 40, { seed: 1, permutations: 4000 });
    expect(one).toMatchObject({ distances: [0, expect.closeTo(0.24, 12)] });
    const mean =
      Array.from({ length: 30 }, (_, seed) => largestKs([both], 40, { seed }).p).reduce((a, b) => a + b) / 30;
    expect(Math.abs(mean / 0.2881448317933554 - 1)).toBeLessThan(0.15);
    const random = new Random(1);
    const noise = Float64Array.from({ length: 65 }, () => random.normal());
    const among = largestKs([noise, both], 40, { seed: 1, permutations: 4000 });
    expect(among.p).toBeGreaterThan(one.p);
  });
});

describe('maximum mean discrepancy', () => {
  it('agrees with NumPy, and its p with 40,000 permutations there', () => {
    const rows = Float32Array.from({ length: 63 }, (_, i) => {
      const [row, column] = [Math.floor(i / 3), i % 3];
      return Math.fround(Math.sin(row * 3.1 + column * 1.3)) + (row >= 12 ? 0.5 : 0);
    });
    const { statistic } = mmdTest(rows, 3, 12, { seed: 1 });
    expect(statistic).toBeCloseTo(0.1508529427278168, 6);
    const ps = Array.from({ length: 40 }, (_, seed) => mmdTest(rows, 3, 12, { seed }).p);
    expect(Math.abs(ps.reduce((a, b) => a + b) / 40 / 0.0832 - 1)).toBeLessThan(0.12);
  });

  it('measures every pair, of odd numbers of rows too', () => {
    const rows = Float32Array.of(0, 0, 3, 4, 6, 8);
    expect([...squaredDistances(rows, 2)].map((value) => Math.round(1e4 * value) / 1e4)).toEqual([
      0, 25, 100, 25, 0, 25, 100, 25, 0,
    ]);
  });
});

describe('the domain classifier', () => {
  const sample = (random: Random, count: number, size: number, shift: number) =>
    Array.from({ length: count * size }, (_, i) => random.normal() + (i % size === 0 ? shift : 0));

  it('reaches the area that the distance of two normals allows, Phi(d / sqrt 2)', () => {
    const random = new Random(1);
    const rows = Float32Array.from([...sample(random, 1500, 4, 0), ...sample(random, 1500, 4, 1)]);
    const { statistic, p, scores } = domainClassifier(rows, 4, 1500, { seed: 1, permutations: 99 });
    expect(statistic).toBeCloseTo(0.7602499, 1);
    expect(p).toBe(0.01);
    const mean = (of: Float64Array) => of.reduce((a, b) => a + b) / of.length;
    expect(mean(scores.subarray(1500)) - mean(scores.subarray(0, 1500))).toBeCloseTo(statistic - 0.5, 2);
  });

  it('does not tell samples of one distribution apart more often than alpha', () => {
    const random = new Random(2);
    let alarms = 0;
    for (let i = 0; i < 300; i++) {
      const rows = Float32Array.from(sample(random, 90, 8, 0));
      if (domainClassifier(rows, 8, 50, { seed: i, permutations: 199 }).p <= 0.05) alarms++;
    }
    expect(alarms / 300).toBeLessThan(0.09);
    expect(alarms / 300).toBeGreaterThan(0.02);
  });

  it('takes rows that are all alike', () => {
    expect(domainClassifier(new Float32Array(60), 3, 10, { seed: 1 })).toMatchObject({ statistic: 0.5, p: 1 });
  });
});

describe('shifted shares of the classes', () => {
  it('agree with the same iterations in NumPy', () => {
    const positive = [0.9, 0.8, 0.3, 0.2, 0.15, 0.05, 0.6, 0.1];
    const { shares, corrected } = correctPriors(
      positive.flatMap((p) => [p, 1 - p]),
      [0.5, 0.5],
      { iterations: 5000, tolerance: 1e-12 },
    );
    expect(shares[0]).toBeCloseTo(0.23817294, 7);
    expect(corrected[0]).toBeCloseTo(0.73778778, 7);
    expect(corrected[8]).toBeCloseTo(0.05228603, 7);
  });
});

describe('a share of a weighted sample', () => {
  it('agrees with NumPy', () => {
    const { value, low, high } = weightedShare([1, 1, 0, 1, 1, 0, 1, 1], [1, 5, 5, 1, 5, 1, 5, 1]);
    expect(value).toBeCloseTo(0.75, 12);
    expect(low).toBeCloseTo(0.3521971685353519, 8);
    expect(high).toBeCloseTo(0.9430324990095059, 8);
    expect(weightedShare([], [])).toEqual({ value: Number.NaN, low: 0, high: 1 });
  });

  it('covers the truth nine times in ten where hard photos were drawn more often', () => {
    const random = new Random(4);
    let covered = 0;
    let naive = 0;
    for (let i = 0; i < 400; i++) {
      const [hits, weights]: [number[], number[]] = [[], []];
      for (let photo = 0; photo < 2000; photo++) {
        const isHard = photo < 400;
        const chance = isHard ? 0.5 : 0.05;
        if (random.float() >= chance) continue;
        hits.push(random.float() < (isHard ? 0.5 : 0.95) ? 1 : 0);
        weights.push(1 / chance);
      }
      const { low, high } = weightedShare(hits, weights);
      if (low <= 0.86 && high >= 0.86) covered++;
      naive += hits.reduce((a, b) => a + b, 0) / hits.length / 400;
    }
    expect(naive).toBeLessThan(0.7);
    expect(covered / 400).toBeGreaterThan(0.92);
  });
});
