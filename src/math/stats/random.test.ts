import { describe, expect, it } from 'vitest';
import { Random } from './random.ts';

describe('Random', () => {
  it('fills an array with the numbers it would give one by one, and goes on after them', () => {
    const [whole, single] = [new Random(7), new Random(7)];
    const filled = new Uint32Array(1000);
    whole.fill(filled);
    expect(Array.from(filled)).toEqual(Array.from({ length: 1000 }, () => single.uint32()));
    expect(whole.float()).toBe(single.float());
  });
});
