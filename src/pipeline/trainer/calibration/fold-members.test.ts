import { expect, it } from 'vitest';
import { foldMembers } from './fold-members.ts';

it('merges two MLPs into one whose logits are their mean', () => {
  // Two numbers in, one hidden unit each, two labels.
  const members = [
    [[1, 2], [0.5], [1, -1], [0, 2]],
    [[3, 4], [-0.5], [2, 6], [4, 0]],
  ].map((values) => values.map((numbers) => Float32Array.from(numbers)));
  const { layers } = foldMembers(members, 2, 2);
  expect(layers).toEqual([
    { weight: Float32Array.of(1, 3, 2, 4), bias: Float32Array.of(0.5, -0.5), inputs: 2, outputs: 2 },
    { weight: Float32Array.of(0.5, -0.5, 1, 3), bias: Float32Array.of(2, 1), inputs: 2, outputs: 2 },
  ]);
});

it('merges logistic heads into their mean', () => {
  const members = [
    [
      [1, 2],
      [0, 2],
    ],
    [
      [3, 4],
      [4, 0],
    ],
  ].map((values) => values.map((numbers) => Float32Array.from(numbers)));
  expect(foldMembers(members, 1, 2).layers).toEqual([
    { weight: Float32Array.of(2, 3), bias: Float32Array.of(2, 1), inputs: 1, outputs: 2 },
  ]);
});
