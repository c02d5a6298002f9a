import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Admission } from './admission.ts';

let nowMs: number;
beforeEach(() => {
  nowMs = 1_000;
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
});
afterEach(() => vi.restoreAllMocks());

const full = expect.objectContaining({ code: 'QUEUE_FULL' });

/** Two processes that need 20 ms a photo, with as much to do as they are given. */
function saturated(maxWaitMs: number, photos: number): Admission {
  const admission = new Admission({ maxPhotos: 1_000, maxBytes: 1_000, maxWaitMs, processes: 2 });
  for (let i = 0; i < photos; i++) admission.add(1);
  return admission;
}
function work(admission: Admission, photos: number, everyMs: number): void {
  for (let i = 0; i < photos; i++) {
    nowMs += everyMs;
    admission.leave(1);
    admission.add(1);
  }
}

describe('admission', () => {
  it('takes what will be answered in time at the measured speed, and refuses the next', () => {
    const admission = saturated(1_000, 100);
    work(admission, 200, 10);
    admission.enter(1, 100);
    admission.enter(1, 100);
    expect(() => admission.enter(1, 100)).toThrow(full);
    work(admission, 200, 5);
    admission.enter(1, 100);
  });

  it('learns that photos take longer, and is not misled by one stall', () => {
    const admission = saturated(1_000, 50);
    work(admission, 200, 10);
    work(admission, 1, 2_000);
    admission.check();
    work(admission, 100, 40);
    expect(() => admission.check()).toThrow(full);
    work(admission, 100, 10);
    admission.check();
  });

  it('forgets a speed from long ago', () => {
    const admission = saturated(1_000, 20);
    work(admission, 200, 500);
    admission.leave(18);
    expect(() => admission.check()).not.toThrow();
    admission.add(5);
    expect(() => admission.check()).toThrow(full);
    nowMs += 6_000;
    admission.check();
  });

  it('refuses what its deadline does not leave time for, and says when to come back', () => {
    const admission = saturated(5_000, 300);
    work(admission, 200, 10);
    const details = { waiting: 300, waitMs: expect.closeTo(3_000, -2), retryAfterS: expect.closeTo(3, 0) };
    expect(() => admission.check(1, 500)).toThrow(expect.objectContaining({ details }));
    admission.check(1, 4_000);
  });

  it('bounds the count, but takes one large request into an empty service', () => {
    const admission = new Admission({ maxPhotos: 4, maxBytes: 1_000, maxWaitMs: 1_000, processes: 2 });
    admission.enter(10, 100);
    expect(() => admission.enter(1, 100)).toThrow(full);
    admission.leave(10, 100);
    admission.enter(4, 100);
    expect(() => admission.enter(1, 100)).toThrow(full);
  });

  it('bounds the size of what waits', () => {
    const admission = new Admission({ maxPhotos: 100, maxBytes: 1_000, maxWaitMs: 1_000, processes: 2 });
    admission.enter(1, 600);
    admission.enter(1, 600);
    expect(() => admission.check()).toThrow(full);
    admission.leave(1, 600);
    admission.check();
  });
});
