import { describe, expect, it } from 'vitest';
import type { Observation } from '../../contracts/loop/monitor.ts';
import { budgetFor, fillTime, isDue } from './budget.ts';
import { otherNeighbours } from './neighbours.ts';
import { pick } from './pick.ts';
import { type Signs, worthBy } from './worth.ts';

const calm: Signs = {
  uncertain: false,
  margin: 0.98,
  disagreement: 0,
  outOfDistribution: false,
  outOfDistributionScore: 0.3,
  otherNeighbours: 0,
};
const signs = (change: Partial<Signs>): Signs => ({ ...calm, ...change });

describe('what a label is worth', () => {
  it.each([
    ['uncertain', {}, 0],
    ['uncertain', { margin: 0 }, 1],
    ['uncertain', { margin: 0.2 }, 0.8],
    ['uncertain', { margin: 0.6 }, 0],
    // inside the band that the endpoint calls uncertain
    ['uncertain', { margin: 0.6, uncertain: true }, 0.5],
    ['uncertain', { margin: null }, 0],
    ['disagreement', { disagreement: 0.9 }, 0.9],
    ['far-from-training', { outOfDistribution: true, outOfDistributionScore: 1 }, 0.5],
    ['far-from-training', { outOfDistribution: true, outOfDistributionScore: 2 }, 0.75],
    ['far-from-training', { outOfDistributionScore: 2 }, 0],
    ['suspicious', { otherNeighbours: 0.8 }, 0.784],
    ['suspicious', { otherNeighbours: 0.4 }, 0],
    ['suspicious', { otherNeighbours: 0.8, margin: 0.2 }, 0],
    ['suspicious', { otherNeighbours: null }, 0],
  ] as const)('%s %j -> %f', (reason, change, worth) => {
    expect(worthBy[reason](signs(change))).toBeCloseTo(worth, 12);
  });
});

describe('picking', () => {
  const far = [1.2, 3, 2, 5].map((outOfDistributionScore) =>
    signs({ outOfDistribution: true, outOfDistributionScore }),
  );
  const unsure = [signs({ margin: 0.3 })];

  it('lets reasons take turns, the best of each first, and takes a photo once', () => {
    const both = signs({ margin: 0, outOfDistribution: true, outOfDistributionScore: 9 });
    const picked = pick([...far, ...unsure, both], { reasons: ['uncertain', 'far-from-training'], count: 4 });
    expect(picked.map(({ photo, reason }) => [photo, reason])).toEqual([
      [both, 'uncertain'],
      [far[3], 'far-from-training'],
      [unsure[0], 'uncertain'],
      [far[1], 'far-from-training'],
    ]);
  });

  it('takes no more than there is a reason for', () => {
    expect(pick([calm, ...unsure], { reasons: ['uncertain', 'suspicious'], count: 10 })).toHaveLength(1);
    expect(pick(far, { reasons: ['uncertain'], count: 10 })).toEqual([]);
    expect(pick(far, { reasons: ['far-from-training'], count: 0 })).toEqual([]);
  });
});

describe('neighbours', () => {
  const reference = Array.from({ length: 12 }, (_, i) => ({
    projection: Float32Array.of(i, 0),
    truth: { label: i < 6 ? 'healthy' : 'unwell', weight: 1 },
  })) as unknown as Observation[];
  const share = otherNeighbours(reference);

  it('that were labelled otherwise count against an answer', () => {
    expect(share({ label: 'unwell', projection: Float32Array.of(0, 0) })).toBe(1);
    expect(share({ label: 'healthy', projection: Float32Array.of(0, 0) })).toBe(0);
    // the five nearest of 5.6 are at 4 to 8
    expect(share({ label: 'healthy', projection: Float32Array.of(5.6, 0) })).toBe(0.6);
  });

  it('are not known without projections of one size, or with too few', () => {
    expect(share({ label: 'healthy', projection: null })).toBeNull();
    expect(share({ label: 'healthy', projection: Float32Array.of(1, 2, 3) })).toBeNull();
    expect(share({ label: null, projection: Float32Array.of(1, 2) })).toBeNull();
    expect(otherNeighbours([])({ label: 'healthy', projection: Float32Array.of(1, 2) })).toBeNull();
    expect(otherNeighbours(reference.slice(0, 4))({ label: 'x', projection: Float32Array.of(1, 2) })).toBeNull();
  });
});

describe('the time of a fill', () => {
  const at = (text: string) => new Date(`2026-11-${text}Z`);

  it('is a day at first, then what came since, and a week at most', () => {
    expect(fillTime(null, at('20T12:01:00'))).toEqual({ start: at('19T12:00:00'), end: at('20T12:00:00') });
    expect(fillTime(at('20T12:00:00'), at('20T18:01:00'))).toEqual({
      start: at('20T12:00:00'),
      end: at('20T18:00:00'),
    });
    expect(fillTime(at('01T00:00:00'), at('20T00:01:00'))?.start).toEqual(at('13T00:00:00'));
    // a clock that was put back
    expect(fillTime(at('20T12:00:00'), at('20T11:00:00'))).toBeNull();
  });

  it('comes with each day, UTC', () => {
    expect(isDue(null, at('20T00:00:00'))).toBe(true);
    expect(isDue(at('19T23:50:00'), at('20T00:00:30'))).toBe(false);
    expect(isDue(at('19T23:50:00'), at('20T00:01:00'))).toBe(true);
    expect(isDue(at('20T00:00:00'), at('20T23:59:00'))).toBe(false);
    expect(isDue(at('20T00:00:00'), at('18T00:00:00'))).toBe(false);
  });

  it('gives the budget by its length', () => {
    const policy = { perDay: 50, randomShare: 0.2 };
    expect(budgetFor(policy, { start: at('19T00:00:00'), end: at('20T00:00:00') }, 50)).toEqual({
      count: 50,
      random: 10,
    });
    expect(budgetFor(policy, { start: at('19T00:00:00'), end: at('19T06:00:00') }, 50)).toEqual({
      count: 13,
      random: 3,
    });
    // one photo of the day's 50 was queued for two quiet minutes, then came a batch of 128
    expect(budgetFor(policy, { start: at('19T00:00:00'), end: at('19T00:02:00') }, 1)).toEqual({
      count: 49,
      random: 10,
    });
    expect(budgetFor({ ...policy, perDay: 0 }, { start: at('19T00:00:00'), end: at('20T00:00:00') }, 0).count).toBe(0);
  });
});
