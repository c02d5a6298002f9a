import { describe, expect, it } from 'vitest';
import { forEachConcurrent } from './concurrent.ts';

const never = new AbortController().signal;

describe('forEachConcurrent', () => {
  it('does all of the work, a limited number at a time, pulling no more than it needs', async () => {
    let [running, most, pulled] = [0, 0, 0];
    const done: number[] = [];
    const items = function* () {
      for (let i = 0; i < 50; i++) {
        pulled++;
        yield i;
      }
    };
    await forEachConcurrent(items(), 4, never, async (i) => {
      most = Math.max(most, ++running);
      expect(pulled - done.length).toBeLessThanOrEqual(8);
      await new Promise((resume) => setImmediate(resume));
      done.push(i);
      running--;
    });
    expect(done.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(most).toBe(4);
  });

  it('stops at the first error, and closes its source', async () => {
    let closed = false;
    const items = async function* () {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        closed = true;
      }
    };
    const work = async (i: number) => {
      if (i === 5) throw new Error('five');
    };
    await expect(forEachConcurrent(items(), 3, never, work)).rejects.toThrow('five');
    expect(closed).toBe(true);
  });

  it('stops when cancelled', async () => {
    const control = new AbortController();
    const work = async (i: number) => {
      if (i === 3) control.abort();
    };
    await expect(forEachConcurrent([1, 2, 3, 4, 5], 1, control.signal, work)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
});
