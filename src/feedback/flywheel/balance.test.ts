import { describe, expect, it } from 'vitest';
import { balance } from './balance.ts';
import type { Counts } from './candidates.ts';

const photos = (counts: Record<string, number>) =>
  Object.entries(counts).flatMap(([label, n]) => Array.from({ length: n }, (_, i) => ({ label, i })));

describe('the balance of a span', () => {
  it('holds labels to a multiple of the rarest, first ones first', () => {
    const leftOut: Counts = new Map();
    const kept = balance(photos({ a: 10, b: 2, c: 5 }), { balance: 2, maxPhotos: 100 }, leftOut);
    const counts = Map.groupBy(kept, ({ label }) => label);
    expect([...counts].map(([label, list]) => [label, list.map(({ i }) => i)])).toEqual([
      ['a', [0, 1, 2, 3]],
      ['b', [0, 1]],
      ['c', [0, 1, 2, 3]],
    ]);
    expect([...leftOut]).toEqual([['balance', 7]]);
  });

  it('takes labels in turn when there are too many', () => {
    const leftOut: Counts = new Map();
    const kept = balance(photos({ a: 10, b: 2 }), { balance: null, maxPhotos: 5 }, leftOut);
    expect(kept.map(({ label }) => label)).toEqual(['a', 'b', 'a', 'b', 'a']);
    expect([...leftOut]).toEqual([['over-the-limit', 7]]);
  });

  it('of nothing is nothing', () => {
    expect(balance([], { balance: 3, maxPhotos: 5 }, new Map())).toEqual([]);
  });
});
