import { expect, it } from 'vitest';
import { groupedFolds } from './grouped-folds.ts';

const labels = Array.from({ length: 90 }, (_, i) => (i < 60 ? 'a' : 'b'));
const groups = labels.map((_, i) => `g${i >> 1}`);

it('keeps groups together and deals labels evenly', () => {
  const folds = groupedFolds(labels, groups, 3, 1);
  for (let i = 0; i < 90; i += 2) expect(folds[i]).toBe(folds[i + 1]);
  for (const fold of [0, 1, 2]) {
    const held = labels.filter((_, i) => folds[i] === fold);
    expect(held.filter((label) => label === 'a')).toHaveLength(20);
    expect(held.filter((label) => label === 'b')).toHaveLength(10);
  }
});

it('is the same for the same seed, and another for another', () => {
  expect(groupedFolds(labels, groups, 3, 5)).toEqual(groupedFolds(labels, groups, 3, 5));
  expect(groupedFolds(labels, groups, 3, 5)).not.toEqual(groupedFolds(labels, groups, 3, 6));
});
