import { describe, expect, it } from 'vitest';
import { expectedCalibrationError } from '../metrics/calibration-error.ts';
import { bootstrap, quantile } from './bootstrap.ts';
import { groupIndexes } from './group-indexes.ts';
import { Random } from './random.ts';

const meanOf = (values: number[]) => (weights?: Float64Array) => {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i]! * (weights?.[i] ?? 1);
    total += weights?.[i] ?? 1;
  }
  return { mean: sum / total };
};

describe('bootstrap', () => {
  const random = new Random(3);
  const values = Array.from({ length: 400 }, () => random.normal());

  it('is close to the normal interval of a mean: 1.96 / sqrt(400)', () => {
    const { mean } = bootstrap(400, meanOf(values), { seed: 1, resamples: 2000 });
    expect(mean.high - mean.low).toBeCloseTo(2 * 1.96 * 0.05, 1.5);
    expect(mean.low).toBeLessThan(mean.value);
  });

  it('covers the truth in about 95 % of samples', () => {
    let covered = 0;
    for (let trial = 0; trial < 200; trial++) {
      const sample = Array.from({ length: 50 }, () => random.normal());
      const { mean } = bootstrap(50, meanOf(sample), { seed: trial, resamples: 300 });
      if (mean.low <= 0 && mean.high >= 0) covered++;
    }
    expect(covered).toBeGreaterThan(200 * 0.88);
    expect(covered).toBeLessThan(200);
  });

  it('widens when copies are drawn as groups', () => {
    const copied = values.flatMap((value) => [value, value, value, value]);
    const groups = groupIndexes(copied.map((_, i) => `leaf-${Math.floor(i / 4)}`));
    const alone = bootstrap(copied.length, meanOf(copied), { seed: 1 }).mean;
    const grouped = bootstrap(copied.length, meanOf(copied), { seed: 1, groups }).mean;
    expect((grouped.high - grouped.low) / (alone.high - alone.low)).toBeCloseTo(2, 0.5);
  });

  it('keeps a calibration error of few examples inside its own interval', () => {
    const confidences = Array.from({ length: 33 }, () => 0.6 + 0.4 * random.float());
    const correct = confidences.map((confidence) => Number(random.float() < confidence));
    const statistic = (weights?: Float64Array) => ({
      ece: expectedCalibrationError(confidences, correct, 15, weights),
    });
    const plain = bootstrap(33, statistic, { seed: 1 }).ece;
    const moved = bootstrap(33, statistic, { seed: 1, biased: ['ece'] }).ece;
    expect(plain.low).toBeGreaterThan(moved.low);
    expect(moved.low).toBeLessThan(moved.value);
    expect(moved.high).toBeGreaterThan(moved.value);
  });

  it('gives the same interval for the same seed', () => {
    expect(bootstrap(400, meanOf(values), { seed: 5 })).toEqual(bootstrap(400, meanOf(values), { seed: 5 }));
  });
});

describe('quantile', () => {
  it('interpolates (type 7)', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4], 0.25)).toBe(1.75);
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe('Random', () => {
  it('is uniform: chi-square of 16 bins over 160,000 draws below the 99.9 % point 37.7', () => {
    const random = new Random(11);
    const bins = new Array(16).fill(0);
    for (let i = 0; i < 160_000; i++) bins[random.int(16)]++;
    expect(bins.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(37.7);
  });
  it('gives unlike streams for neighbouring seeds', () => {
    expect(new Random(1).uint32()).not.toBe(new Random(2).uint32());
  });
});
