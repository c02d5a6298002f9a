import { expect, it } from 'vitest';
import { krippendorffAlpha, type Ratings } from './krippendorff-alpha.ts';

/** Krippendorff 2011, section C: four observers, twelve units, missing values; 0 = missing. */
const observers = ['12332141200 0', '12332241250 3', '03332342251 0', '12332441251 0'].map((row) =>
  [...row.replace(' ', '')].map(Number),
);

function ratingsOf(unit: number): Ratings {
  const given = observers.map((row) => row[unit]!).filter((value) => value > 0);
  return [...Map.groupBy(given, (value) => value)].map(([value, same]) => [value - 1, same.length] as const);
}

it("Krippendorff's alpha is that of the published example", () => {
  const units = Array.from({ length: 12 }, (_, i) => ratingsOf(i));
  expect(krippendorffAlpha(units, 5).all.value).toBeCloseTo(0.743, 3);
});

it('is 1 when all agree, below 0 when nobody does, and unknown with one label only', () => {
  const agreed: Ratings[] = [[[0, 2]], [[1, 2]]];
  expect(krippendorffAlpha(agreed, 2).all.value).toBe(1);
  expect(
    krippendorffAlpha(
      [
        [
          [0, 1],
          [1, 1],
        ],
        [
          [0, 1],
          [1, 1],
        ],
      ],
      2,
    ).all.value,
  ).toBeLessThan(0);
  expect(krippendorffAlpha([[[0, 2]], [[0, 3]]], 1).all.value).toBeNaN();
  expect(krippendorffAlpha([[[0, 1]], [[1, 1]]], 2).all.value).toBeNaN();
  // a unit of weight 0 was not drawn
  expect(
    krippendorffAlpha(
      [
        ...agreed,
        [
          [0, 1],
          [1, 1],
        ],
      ],
      2,
      [1, 1, 0],
    ).all.value,
  ).toBe(1);
});
