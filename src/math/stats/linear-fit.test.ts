import { describe, expect, it } from 'vitest';
import { linearFit, linearValue } from './linear-fit.ts';
import { Random } from './random.ts';

describe('a linear fit', () => {
  const random = new Random(3);
  const rows = Array.from({ length: 600 }, () => random.uint32() / 2 ** 32 + 5);
  const at = (i: number) => rows.slice(3 * i, 3 * i + 3);
  const of = (i: number) => 2 + at(i)[0]! - 3 * at(i)[1]! + 0.5 * at(i)[2]!;
  const column = Array.from({ length: 200 }, (_, i) => of(i));
  const first = Array.from({ length: 100 }, (_, i) => i);

  it('foretells rows that it did not see, from rows far from the origin', () => {
    const [fit] = linearFit(rows, 3, [column], first);
    for (let i = 100; i < 200; i++) expect(linearValue(fit!, at(i))).toBeCloseTo(of(i), 1);
  });

  it('of rows that are all alike is their mean', () => {
    const [fit] = linearFit(new Float64Array(30).fill(4), 3, [[...column.slice(0, 10)]], first.slice(0, 10));
    const mean = column.slice(0, 10).reduce((sum, value) => sum + value, 0) / 10;
    expect(linearValue(fit!, [4, 4, 4])).toBeCloseTo(mean, 10);
  });
});
