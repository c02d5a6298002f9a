import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../../math/stats/random.ts';
import type { RowSums } from './row-sums.ts';
import { RidgeSolver } from './solve.ts';

const [inputs, classes, photos] = [24, 3, 60];
const width = inputs + 1;

/** Of embeddings far from the origin, whose axes differ in length. */
function sumsOfRows(): RowSums {
  const random = new Random(1);
  const sums = { products: new Float32Array(width * width), targets: new Float32Array(width * classes) };
  for (let n = 0; n < photos; n++) {
    const row = [...Array.from({ length: inputs }, (_, d) => 3 + (d + 1) * random.normal()), 1];
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++) sums.products[i * width + j]! += row[i]! * row[j]!;
      sums.targets[i * classes + (n % classes)]! += 18 * row[i]!;
    }
  }
  return { ...sums, squares: photos * 18 ** 2, photos };
}

describe('a ridge solver', () => {
  const sums = sumsOfRows();
  let solver: RidgeSolver;
  beforeAll(async () => {
    solver = await RidgeSolver.open(width);
  });
  afterAll(async () => await solver.close());

  it('solves several penalties at once as each alone', async () => {
    const strengths = [2, 0.05, 0.3];
    const together = await solver.solve(sums, strengths, { tolerance: 1e-4 });
    for (const [i, strength] of strengths.entries()) {
      const [alone] = await solver.solve(sums, [strength], { tolerance: 1e-6 });
      const far = Math.hypot(...alone!.map((weight, at) => weight - together[i]![at]!));
      expect(far / Math.hypot(...alone!)).toBeLessThan(1e-3);
    }
  });

  it('gives the same bits with more threads', async () => {
    const two = await RidgeSolver.open(width, 2);
    const [one, other] = await Promise.all([solver, two].map((each) => each.solve(sums, [1], { tolerance: 1e-5 })));
    expect(other).toEqual(one);
    await two.close();
  });
});
