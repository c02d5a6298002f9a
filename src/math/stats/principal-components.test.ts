import { describe, expect, it } from 'vitest';
import { principalComponents } from './principal-components.ts';
import { Random } from './random.ts';

/** A cloud stretched by 5 along one direction and 2 along another, in 8 dimensions, away from the origin. */
function cloud(n: number): Float32Array {
  const random = new Random(7);
  const uniform = () => random.uint32() / 2 ** 31 - 1;
  const [u, v] = [
    [1, 1, 0, 0, 0, 0, 0, 0].map((x) => x / Math.SQRT2),
    [0, 0, 1, -1, 0, 0, 0, 0].map((x) => x / Math.SQRT2),
  ];
  const rows = new Float32Array(8 * n);
  for (let i = 0; i < n; i++) {
    const [a, b] = [5 * uniform(), 2 * uniform()];
    for (let d = 0; d < 8; d++) rows[8 * i + d] = 100 + a * u[d]! + b * v[d]! + 0.1 * uniform();
  }
  return rows;
}

describe('principal components', () => {
  it('are the two directions in which the rows differ most, in that order, whatever is the mean', () => {
    const { scores, explained } = principalComponents(cloud(2_000), 8);
    const variance = (k: number) => {
      let sum = 0;
      for (let i = k; i < scores.length; i += 2) sum += scores[i]! ** 2;
      return sum / 2_000;
    };
    // of a uniform distribution on -a..a: a * a / 3
    expect(variance(0)).toBeCloseTo(25 / 3, 0);
    expect(variance(1)).toBeCloseTo(4 / 3, 0);
    expect(explained[0] + explained[1]).toBeGreaterThan(0.99);
    let shared = 0;
    for (let i = 0; i < scores.length; i += 2) shared += scores[i]! * scores[i + 1]!;
    expect(Math.abs(shared / 2_000)).toBeLessThan(0.01);
  });

  it('are the same for the same rows', () => {
    expect(principalComponents(cloud(300), 8)).toEqual(principalComponents(cloud(300), 8));
  });

  it('of photos that are all alike are one point', () => {
    const { scores, explained } = principalComponents(new Float32Array(40).fill(3), 4);
    expect([...scores].every((score) => score === 0)).toBe(true);
    expect(explained).toEqual([0, 0]);
  });

  it('of one photo, and of none, are numbers', () => {
    expect([...principalComponents(new Float32Array(4).fill(3), 4).scores]).toEqual([0, 0]);
    expect(principalComponents(new Float32Array(0), 4).scores).toHaveLength(0);
  });
});
