import { describe, expect, it } from 'vitest';
import { octets } from './der.ts';

describe('lengths', () => {
  it.each([
    [0, '0400'],
    [127, '047f'],
    [128, '048180'],
    [255, '0481ff'],
    [256, '04820100'],
    [300, '0482012c'],
  ])('of %i bytes are in the shortest form (browsers refuse a certificate with another)', (length, head) => {
    expect(octets(Buffer.alloc(length)).toString('hex').slice(0, head.length)).toBe(head);
  });
});
