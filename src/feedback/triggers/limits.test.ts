import { describe, expect, it } from 'vitest';
import { decide, type LimitFacts, reachOf } from './limits.ts';

const now = new Date('2026-03-10T12:00:00Z');
const hours = (ago: number) => new Date(now.getTime() - ago * 3_600_000);
const limits = { coolDown: '6h', dailyBudget: 2, minNewLabels: 10 };
const occasion = { key: 'alert:1', why: 'drift', evidence: { a: 1 }, otherwise: 'held', covers: [] } as const;
const ask = (facts: Partial<LimitFacts>) => decide(limits, occasion, { fired: [], newLabels: 10, ...facts }, now);

describe('limits of a trigger', () => {
  it('let it fire, with what it was decided from', () => {
    expect(ask({})).toEqual({ fires: true, why: 'drift', evidence: { a: 1, occasion: 'alert:1', newLabels: 10 } });
  });

  it('hold it while it cools down: at 6 h it may fire, a millisecond before it may not', () => {
    expect(ask({ fired: [hours(6)] }).fires).toBe(true);
    const held = ask({ fired: [new Date(hours(6).getTime() + 1)] });
    expect(held.fires).toBe(false);
    expect(held.why).toContain('cool-down is 6h');
  });

  it('hold it once the budget of 24 hours is spent', () => {
    expect(ask({ fired: [hours(23), hours(12)] }).why).toContain('2 time(s) in 24 hours, limit 2');
    expect(ask({ fired: [hours(24), hours(12)] }).fires).toBe(true);
  });

  it('hold it until there are enough new labels', () => {
    expect(ask({ newLabels: 9 }).why).toContain('9 new label(s) of 10 needed');
  });

  it('count a firing that lies ahead, after the clock was set back, like one behind', () => {
    expect(ask({ fired: [hours(-1)] }).fires).toBe(false);
    expect(ask({ fired: [hours(-6)] }).fires).toBe(true);
    expect(ask({ fired: [hours(-23), hours(-12)] }).fires).toBe(false);
    expect(ask({ fired: [hours(-240)] }).fires).toBe(true);
  });

  it('reach as far as the longer of cool-down and a day', () => {
    expect(reachOf(limits)).toBe(24 * 3_600_000);
    expect(reachOf({ ...limits, coolDown: '7d' })).toBe(7 * 24 * 3_600_000);
  });
});
