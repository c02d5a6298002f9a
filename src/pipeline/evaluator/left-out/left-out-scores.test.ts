import { describe, expect, it } from 'vitest';
import type { EmbeddingSource } from '../../../artifacts/transform-graph/embedding-source.ts';
import { cholesky, solveCholesky } from '../../../math/stats/cholesky.ts';
import { Random } from '../../../math/stats/random.ts';
import { leftOutScores } from './left-out-scores.ts';
import { UnitRows } from './unit-rows.ts';

const [size, classes] = [8, 3];

/** Photos around one centre per class, two views each: the second is noise that must not be read. */
function drawn(targets: readonly number[], seed: number): EmbeddingSource {
  const random = new Random(seed);
  const rows = targets.flatMap((target) => [
    Float32Array.from({ length: size }, (_, j) => (j === target ? 2 : 0) + random.normal()),
    new Float32Array(size).fill(1e6),
  ]);
  return {
    ...{ count: targets.length, views: 2, size },
    read: (wanted, out) => Array.from(wanted).forEach((row, i) => void out.set(rows[row]!, i * size)),
  };
}

/** The same regression, fitted again for each group on all other photos. */
function learnedAnew(source: EmbeddingSource, targets: Int32Array, groups: readonly number[]): number[][] {
  const all = Array.from(targets, (_, i) => i);
  const unit = new UnitRows(source).read(all);
  const cosine = (a: number, b: number) => {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += unit[a * size + j]! * unit[b * size + j]!;
    return sum;
  };
  const distances = all.flatMap((a) => all.map((b) => 1 - cosine(a, b))).sort((a, b) => a - b);
  const median = distances[distances.length >> 1]!;
  const phi = all.map((a) => [...all.map((b) => Math.exp(-(1 - cosine(a, b)) / median)), 1]);
  const width = all.length + 1;
  return all.map((photo) => {
    const others = all.filter((other) => groups[other] !== groups[photo]);
    const system = new Float64Array(width * width);
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++) {
        const penalty = i < width - 1 && j < width - 1 ? 0.1 * phi[i]![j]! : 0;
        const gram = others.reduce((sum, other) => sum + phi[other]![i]! * phi[other]![j]!, 0);
        system[i * width + j] = penalty + (i === j ? 1e-3 : 0) + gram;
      }
    const lower = cholesky(system, width);
    return Array.from({ length: classes }, (_, k) => {
      const right = Float64Array.from({ length: width }, (_, i) =>
        others.reduce((sum, other) => sum + (targets[other] === k ? phi[other]![i]! : 0), 0),
      );
      solveCholesky(lower, width, right);
      return right.reduce((sum, weight, i) => sum + weight * phi[photo]![i]!, 0);
    });
  });
}

const signal = new AbortController().signal;

describe('the prediction from the other photos', () => {
  const targets = Int32Array.from({ length: 36 }, (_, i) => i % classes);
  // of one, two and more photos, which are not consecutive
  const groups = Array.from(targets, (_, i) => [0, 1, 2, 3, 3, 4, 5, 5, 5][i % 9]! + 10 * (i % 2));
  const source = drawn([...targets], 1);

  it('equals that of a model trained without its group', async () => {
    const scores = await leftOutScores({ source, targets, classes, groups, seed: 3, signal });
    const expected = learnedAnew(source, targets, groups).flat();
    for (const [i, score] of scores.entries()) expect(score).toBeCloseTo(expected[i]!, 3);
  });

  it('does not depend on its own label and those of its group', async () => {
    const flipped = targets.map((target, i) => (groups[i] === groups[4] ? (target + 1) % classes : target));
    const [scores, after] = await Promise.all(
      [targets, flipped].map((each) => leftOutScores({ source, targets: each, classes, groups, seed: 3, signal })),
    );
    const moved = (isOfGroup: boolean) =>
      scores!.map((score, i) =>
        (groups[Math.floor(i / classes)] === groups[4]) === isOfGroup ? Math.abs(score - after![i]!) : 0,
      );
    expect(Math.max(...moved(true))).toBeLessThan(1e-6);
    expect(Math.max(...moved(false))).toBeGreaterThan(0.01);
  });

  it('is correct for groups that are left out photo by photo', async () => {
    const many = Int32Array.from({ length: 520 }, (_, i) => i % classes);
    const wide = drawn([...many], 4);
    const one = { source: wide, targets: many, classes, seed: 3, signal };
    const large = await leftOutScores({ ...one, groups: many.map((_, i) => (i < 450 ? 0 : i)) });
    const single = await leftOutScores({ ...one, groups: many.map((_, i) => i) });
    for (const [i, score] of large.entries()) expect(score).toBeCloseTo(single[i]!, 6);
  });

  it('stops when cancelled', async () => {
    const ended = AbortSignal.abort(new Error('enough'));
    await expect(leftOutScores({ source, targets, classes, groups, seed: 3, signal: ended })).rejects.toThrow('enough');
  });
});
