import { describe, expect, it } from 'vitest';
import type { Example } from '../../contracts/artifacts/example.ts';
import { Random } from '../../math/stats/random.ts';
import { balanceChange, propertyChanges } from './diff-examples.ts';

const random = new Random('photos');
let next = 0;
const photos = (count: number, label: (i: number) => string, brightness = 0.5): Example[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ sha256: `photo ${++next}`, label: label(i), sizeBytes: 1_000 },
    properties: { brightness: brightness + 0.1 * random.normal() },
  })) as unknown as Example[];
const half = (i: number) => (i % 2 ? 'rust' : 'healthy');
const brightnessOf = (from: Example[], to: Example[]) =>
  propertyChanges(from, to).find(({ name }) => name === 'brightness')!;

describe('two sets that share most of their photos', () => {
  const before = photos(1_000, half);

  it('differ when what was added differs, which was lost among the photos that are in both', () => {
    const differs = (added: Example[]) => balanceChange(before, [...before, ...added]).balance.differs;
    expect(differs(photos(60, () => 'rust'))).toBe(true);
    expect(differs(photos(60, half))).toBe(false);
    expect(differs([])).toBe(false);
  });

  it('differ by their relabelled photos', () => {
    const relabelled = before.map((photo, i) => (i < 80 ? { ...photo, label: 'rust' } : photo));
    expect(balanceChange(before, relabelled).balance.differs).toBe(true);
  });

  it('have an effect as certain as the photos in which they differ', () => {
    const { effect } = brightnessOf(before, [...before, ...photos(100, half, 0.7)]);
    expect(effect!.low).toBeGreaterThan(0.1);
    expect(effect!.high).toBeLessThan(0.3);
    expect(brightnessOf(before, before).effect).toMatchObject({ value: 0, low: 0, high: 0 });
  });

  it('alarm as often as is said, when photos of both were left out at random', () => {
    let alarms = 0;
    for (let i = 0; i < 2_000; i++) {
      const all = photos(300, () => (random.float() < 0.3 ? 'rust' : 'healthy'));
      alarms += Number(balanceChange(all.slice(0, 240), all.slice(60)).balance.differs);
    }
    expect(alarms / 2_000).toBeGreaterThan(0.003);
    expect(alarms / 2_000).toBeLessThan(0.018);
  });
});

it('a set without photos has no means and no distance', () => {
  const some = photos(10, half);
  expect(balanceChange([], some).balance).toEqual({ distance: null, differs: false });
  expect(brightnessOf([], some)).toMatchObject({ from: null, to: expect.closeTo(0.5, 0), effect: null, moved: false });
});
