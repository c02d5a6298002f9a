import { describe, expect, it } from 'vitest';
import { safeFileName } from './safe-file-name.ts';

describe('a safe file name', () => {
  it.each([
    ['Tomato_healthy', 'Tomato_healthy'],
    ['健康', '健康'],
    ['a/b\\c', 'a%2Fb%5Cc'],
    ['..', '%2E%2E'],
    ['.hidden', '%2Ehidden'],
    ['CON', '%CON'],
    ['nul.txt', '%nul.txt'],
    ['100 %', '100 %25'],
    ['-rf', '%2Drf'],
    ['tail ', 'tail%20'],
    ['a\u202egpj', 'a%E2%80%AEgpj'],
    ['\u0000', '%00'],
  ])('of %j is %j', (name, expected) => {
    expect(safeFileName(name)).toBe(expected);
  });

  it('of a long name is short and unique', () => {
    const long = '葉'.repeat(200);
    const [one, other] = [safeFileName(`${long}a`), safeFileName(`${long}b`)];
    expect(Buffer.byteLength(one)).toBeLessThanOrEqual(255);
    expect(one).not.toBe(other);
  });
});
