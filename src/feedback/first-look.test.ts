import { describe, expect, it } from 'vitest';
import { dayMs } from '../codecs/duration.ts';
import { alphaOfEach } from './alarm-policy.ts';
import { firstLook, hasFirstLook, nextFirstLook } from './first-look.ts';

const at = (text: string) => new Date(`2026-03-${text}:00Z`);
const createdAt = at('02T08:00');
const daily = { kind: 'label-drift', window: { by: 'time', days: 1 }, schedule: '0 0 * * *', createdAt } as const;

describe('the first look of a new monitor', () => {
  it('is at the whole window that ends at a quarter of an hour of its life', () => {
    expect(firstLook(daily, null, at('02T08:14'))).toBeNull();
    expect(firstLook(daily, null, at('02T08:15'))).toEqual({ start: at('01T08:15'), end: at('02T08:15') });
    expect(firstLook(daily, null, at('02T08:16'))?.end).toEqual(at('02T08:15'));
    expect(firstLook(daily, null, at('02T08:17'))).toBeNull();
    expect(firstLook(daily, { windowEnd: at('03T00:00') }, at('03T00:00'))).toBeNull();
    expect(firstLook(daily, { windowEnd: at('03T00:00') }, at('03T00:15'))?.end).toEqual(at('03T00:15'));
    expect(firstLook(daily, null, at('02T07:00'))).toBeNull();
  });

  it('says when the next one is', () => {
    expect(nextFirstLook(daily, at('02T08:00'))).toEqual(at('02T08:15'));
    expect(nextFirstLook(daily, at('02T09:20'))).toEqual(at('02T09:30'));
    expect(nextFirstLook(daily, at('10T09:20'))).toBeNull();
  });

  it.each([
    ['when a week has passed', daily, at('10T08:15')],
    ['of windows of requests', { ...daily, window: { by: 'count', count: 50 } as const }, at('02T08:15')],
    ['where the schedule comes within the hour', { ...daily, schedule: '30 * * * *' }, at('02T08:15')],
    ['at latency, of which few requests tell nothing', { ...daily, kind: 'latency' as const }, at('02T08:15')],
    ['at absence', { ...daily, kind: 'traffic-absent' as const }, at('02T08:15')],
  ])('is not taken %s', (_, monitor, now) => {
    expect(firstLook(monitor, null, now)).toBeNull();
  });

  it('adds nothing to the alpha of any day of a month, whichever day it is', () => {
    const tests = 10;
    for (const lookDay of [0, 1, 6])
      for (let day = 0; day < 30; day++) {
        const end = new Date(createdAt.getTime() + (day + 0.5) * dayMs);
        const each = alphaOfEach(tests, 1 + Number(hasFirstLook(daily, end)));
        const checks = day === lookDay ? 2 : 1;
        expect(tests * checks * each).toBeLessThanOrEqual(0.02 + 1e-12);
      }
  });
});
