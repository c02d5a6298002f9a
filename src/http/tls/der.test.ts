import { describe, expect, it } from 'vitest';
import { integer, octets } from './der.ts';

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

describe('integers', () => {
  it.each([
    ['7f', '02017f'],
    ['80', '02020080'],
    ['0001', '020101'],
    ['0080', '02020080'],
    ['000000ff01', '020300ff01'],
    ['0000', '020100'],
  ])('of the bytes %s are in the shortest form (OpenSSL refuses a serial number with another)', (bytes, encoded) => {
    expect(integer(Buffer.from(bytes, 'hex')).toString('hex')).toBe(encoded);
  });
});
