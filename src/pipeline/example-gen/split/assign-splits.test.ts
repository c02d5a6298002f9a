import { describe, expect, it } from 'vitest';
import type { Example, Split } from '../../../contracts/artifacts/example.ts';
import { assignSplits } from './assign-splits.ts';
import type { PreviousSplits } from './previous-splits.ts';

const ratios = { train: 8, eval: 1, test: 1 };
const nothing: PreviousSplits = { examples: new Map(), groups: new Map() };

function members(label: string, count: number, groupOf = (i: number) => `${label}-${i}`) {
  return Array.from({ length: count }, (_, i) => ({ sha256: `${label}/${i}`, label, group: groupOf(i) }));
}
function seenBefore(entries: [sha256: string, group: string, split: Split][]): PreviousSplits {
  return {
    examples: new Map(entries.map(([sha256, group, split]) => [sha256, { sha256, group, split } as Example])),
    groups: new Map(entries.map(([, group, split]) => [group, split])),
  };
}
const count = (chosen: Map<string, Split>, split: Split) => [...chosen.values()].filter((one) => one === split).length;

describe('splits', () => {
  it('have the requested proportions', () => {
    const { chosen } = assignSplits(members('a', 10_000), nothing, ratios, '');
    // Binomial, n = 10,000, p = 0.1: standard deviation 30; five of them.
    expect(Math.abs(count(chosen, 'eval') - 1000)).toBeLessThan(150);
    expect(Math.abs(count(chosen, 'test') - 1000)).toBeLessThan(150);
  });

  it('do not depend on the other photos or their order', () => {
    const all = members('a', 500);
    const few = assignSplits(all.slice(0, 200).reverse(), nothing, ratios, '').chosen;
    const many = assignSplits([...all, ...members('b', 300)], nothing, ratios, '').chosen;
    for (const [group, split] of few) expect(many.get(group)).toBe(split);
  });

  it('change with the salt', () => {
    const one = assignSplits(members('a', 200), nothing, ratios, '').chosen;
    const other = assignSplits(members('a', 200), nothing, ratios, 'other').chosen;
    expect([...one].some(([group, split]) => other.get(group) !== split)).toBe(true);
  });

  it.each([3, 4, 5, 10])('give a label of %i photos one in each split', (size) => {
    for (let i = 0; i < 50; i++) {
      const { chosen } = assignSplits(members(`label ${i}`, size), nothing, ratios, '');
      for (const split of ['train', 'eval', 'test'] as const) expect(count(chosen, split)).toBeGreaterThan(0);
    }
  });

  it.each([
    ['one photo', members('rare', 1)],
    ['two photos', members('rare', 2)],
    ['ten photos of one object', members('rare', 10, () => 'leaf')],
  ])('refuse a label of %s', (_, few) => {
    expect(() => assignSplits([...members('a', 50), ...few], nothing, ratios, '')).toThrow(
      expect.objectContaining({ code: 'SPLIT_TOO_SMALL', message: expect.stringContaining('"rare"') }),
    );
  });

  it('leave out a split of share 0', () => {
    const { chosen } = assignSplits(members('a', 2), nothing, { train: 8, eval: 1, test: 0 }, '');
    expect([...chosen.values()].sort()).toEqual(['eval', 'train']);
  });

  it('are kept, for photos and for new photos of a known group', () => {
    const known = seenBefore([
      ['a/0', 'leaf', 'test'],
      ['a/1', 'a-1', 'eval'],
    ]);
    const photos = [...members('a', 30), { sha256: 'a/new', label: 'a', group: 'leaf' }];
    photos[0] = { ...photos[0]!, group: 'leaf' };
    const { chosen, mergedGroups, movedGroups } = assignSplits(photos, known, ratios, 'any salt');
    expect(chosen.get('leaf')).toBe('test');
    expect(chosen.get('a-1')).toBe('eval');
    expect([mergedGroups, movedGroups]).toEqual([[], []]);
  });

  it('move a merged group to test before eval before train, and list it', () => {
    const known = seenBefore([
      ['a/0', 'x', 'train'],
      ['a/1', 'y', 'eval'],
      ['a/2', 'z', 'test'],
    ]);
    const grown = (i: number) => (i < 2 ? 'x' : `a-${i}`);
    const { chosen, mergedGroups } = assignSplits(members('a', 40, grown), known, ratios, '');
    expect(chosen.get('x')).toBe('eval');
    expect(mergedGroups).toEqual([{ group: 'x', from: ['train', 'eval'], to: 'eval', examples: 2 }]);
  });

  it('leave a split that is no longer requested, and list it', () => {
    const known = seenBefore([['a/0', 'a-0', 'test']]);
    const { chosen, movedGroups } = assignSplits(members('a', 20), known, { train: 8, eval: 1, test: 0 }, '');
    expect(chosen.get('a-0')).not.toBe('test');
    expect(movedGroups).toMatchObject([{ group: 'a-0', from: 'test', examples: 1 }]);
  });

  it('move a new group before a known one when a label lacks a split', () => {
    const known = seenBefore(members('a', 20).map(({ sha256, group }) => [sha256, group, 'train']));
    const { chosen, movedGroups } = assignSplits(members('a', 24), known, ratios, '');
    expect(movedGroups).toEqual([]);
    expect(count(chosen, 'eval')).toBeGreaterThan(0);
    expect(count(chosen, 'test')).toBeGreaterThan(0);
  });
});
