import { expect, it } from 'vitest';
import { successiveHalving } from './successive-halving.ts';

it('gives the best third three times the budget, and keeps the incumbent until the end', async () => {
  const candidates: [number, ...number[]] = [9, 1, 2, 3, 4, 5, 6, 7, 8];
  const scores = await successiveHalving({ candidates, budget: 9, eta: 3, score: async (candidate) => candidate });
  const rung = (number: number) => scores.filter((one) => one.rung === number);
  expect(rung(0).map(({ budget }) => budget)).toEqual(new Array(9).fill(3));
  expect(rung(1).map(({ candidate, budget }) => [candidate, budget])).toEqual([
    [1, 9],
    [2, 9],
    [3, 9],
    [9, 9],
  ]);
});

it('ranks failed candidates last', async () => {
  const scores = await successiveHalving({
    candidates: [2, 1, 3],
    budget: 4,
    eta: 3,
    score: async (candidate) => (candidate === 1 ? Number.POSITIVE_INFINITY : candidate),
  });
  expect(scores.map(({ candidate }) => candidate)).toEqual([2, 3, 1]);
});

it('scores the incumbent first, leaves out what is not started, and ends when the incumbent is not', async () => {
  const asked: [number, number][] = [];
  const scores = await successiveHalving({
    candidates: [9, 1, 2, 3, 4, 5, 6, 7, 8],
    budget: 9,
    eta: 3,
    score: async (candidate, _, rung) => {
      asked.push([candidate, rung]);
      return rung === 1 || candidate === 2 ? null : candidate;
    },
  });
  expect(asked.at(-1)).toEqual([9, 1]);
  expect(scores.map(({ candidate }) => candidate)).toEqual([1, 3, 4, 5, 6, 7, 8, 9]);
});
