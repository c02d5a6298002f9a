import { describe, expect, it } from 'vitest';
import { Random } from '../stats/random.ts';
import { conformalThreshold, distributionScore, usualRange } from './distribution-score.ts';
import { nearestRows } from './nearest-rows.ts';
import { fitOutlierDetector, outlierLogit } from './outlier-detector.ts';

const cloud = (random: Random, count: number, size: number, shift = 0) =>
  Array.from({ length: count }, () =>
    Float32Array.from({ length: size }, (_, d) => random.normal() + (d < 3 ? shift : 0)),
  );

describe('the nearest rows', () => {
  it('are those of a full sort', () => {
    const random = new Random(1);
    const points = cloud(random, 200, 8);
    const rows = Float32Array.from(points.flatMap((point) => [...point]));
    for (const query of cloud(random, 20, 8)) {
      const sorted = points
        .map((point, row) => ({ row, square: point.reduce((sum, x, d) => sum + (x - query[d]!) ** 2, 0) }))
        .filter(({ row }) => row % 3 !== 0)
        .sort((a, b) => a.square - b.square)
        .slice(0, 5);
      const found = nearestRows(query, rows, 5, (row) => row % 3 === 0);
      expect(found.rows).toEqual(sorted.map(({ row }) => row));
      expect(found.distance).toBeCloseTo(Math.sqrt(sorted.reduce((sum, { square }) => sum + square, 0) / 5), 5);
    }
  });

  it('are all there are, when fewer than asked', () => {
    expect(nearestRows(Float32Array.of(0), Float32Array.of(3, -1), 5)).toEqual({
      distance: Math.sqrt(5),
      rows: [1, 0],
    });
  });
});

describe('the detector of what does not belong', () => {
  it('tells shifted points from the others, in the units of the embedding', () => {
    const random = new Random(2);
    const size = 40;
    const standardiser = { mean: new Float32Array(size).fill(5), scale: new Float32Array(size).fill(0.1) };
    const raw = (rows: Float32Array[]) => rows.map((row) => row.map((x) => 5 + 0.1 * x));
    const detector = fitOutlierDetector(raw(cloud(random, 300, size)), raw(cloud(random, 60, size, 3)), standardiser);
    const share = (rows: Float32Array[]) => rows.filter((row) => outlierLogit(detector, row) > 0).length / rows.length;
    expect(share(raw(cloud(random, 300, size)))).toBeLessThan(0.02);
    expect(share(raw(cloud(random, 300, size, 3)))).toBeGreaterThan(0.98);
  });
});

describe('the score', () => {
  it('is the worst measure in units of its range, never below 0, over the threshold', () => {
    const usual = usualRange(Array.from({ length: 101 }, (_, i) => i));
    expect(usual).toEqual({ centre: 50, spread: 48 });
    const score = (...values: number[]) =>
      distributionScore(
        values.map((value) => ({ value, usual })),
        2,
      );
    expect(score(98, 10)).toBe(0.5);
    expect(score(10, 146)).toBe(1);
    expect(score(10, 20)).toBe(0);
  });

  it('keeps the promised share of new photos below the threshold', () => {
    const random = new Random(3);
    const draw = (count: number) => Array.from({ length: count }, () => Math.abs(random.normal()));
    const shares = Array.from({ length: 200 }, () => {
      const threshold = conformalThreshold(draw(99), 0.96);
      return draw(200).filter((score) => score <= threshold).length / 200;
    });
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(Math.abs(mean - 0.96)).toBeLessThan(0.006);
    expect(conformalThreshold([3], 0.96)).toBe(3);
  });
});
