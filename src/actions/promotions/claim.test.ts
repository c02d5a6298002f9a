import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { whileClaimed } from './claim.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** One promotion's claim, as the database keeps it. */
function claims() {
  let held: { by: string; until: Date } | null = null;
  return {
    get until() {
      return held?.until.getTime() ?? null;
    },
    async claim(_: string, by: string, now: Date, until: Date) {
      if (held !== null && held.by !== by && held.until >= now) return false;
      held = { by, until };
      return true;
    },
    async unclaim(_: string, by: string) {
      if (held?.by === by) held = null;
    },
  };
}
const clock = () => new Date(Date.now());

it('a claim is held for as long as the work takes: a load of over a minute had it replayed by two', async () => {
  const store = claims();
  let [began, wasLost] = [0, false];
  const work = async (lost: AbortSignal) => {
    began++;
    await new Promise((resolve) => setTimeout(resolve, 200_000));
    wasLost = lost.aborted;
  };
  const first = whileClaimed(store, 'p', clock, work);
  await vi.advanceTimersByTimeAsync(150_000);
  await whileClaimed(store, 'p', clock, work);
  await vi.advanceTimersByTimeAsync(60_000);
  await first;
  expect([began, wasLost, store.until]).toEqual([1, false, null]);
});

it('work is told when another has taken over', async () => {
  const store = claims();
  const told = whileClaimed(
    store,
    'p',
    clock,
    (lost) => new Promise((resolve) => lost.addEventListener('abort', () => resolve())),
  );
  await vi.advanceTimersByTimeAsync(0);
  await store.claim('p', 'another', new Date(Date.now() + 120_000), new Date(Date.now() + 180_000));
  await vi.advanceTimersByTimeAsync(20_000);
  await told;
  expect(store.until).not.toBeNull();
});

it('work that fails is begun anew when its claim has lapsed, not at the next look', async () => {
  const store = claims();
  const fails = () => whileClaimed(store, 'p', clock, () => Promise.reject(new Error('no process starts')));
  await expect(fails()).rejects.toThrow('no process starts');
  await fails();
  await vi.advanceTimersByTimeAsync(61_000);
  await expect(fails()).rejects.toThrow('no process starts');
});
