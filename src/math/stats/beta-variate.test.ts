import { describe, expect, it } from 'vitest';
import { betaVariate, gammaVariate } from './beta-variate.ts';
import { Random } from './random.ts';

function moments(draw: () => number, count = 20_000) {
  const values = Array.from({ length: count }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count };
}

describe('beta and gamma variates', () => {
  it.each([0.2, 1, 3])('Beta(%d, same) has mean 1/2 and variance 1 / (4 (2a + 1))', (a) => {
    const random = new Random(1);
    const { mean, variance } = moments(() => betaVariate(random, a, a));
    expect(mean).toBeCloseTo(0.5, 1.7);
    expect(variance / (1 / (4 * (2 * a + 1)))).toBeCloseTo(1, 1);
  });

  it.each([0.5, 4])('Gamma(%d, 1) has mean and variance of its shape', (shape) => {
    const random = new Random(2);
    const { mean, variance } = moments(() => gammaVariate(random, shape));
    expect(mean / shape).toBeCloseTo(1, 1);
    expect(variance / shape).toBeCloseTo(1, 0.9);
  });
});
