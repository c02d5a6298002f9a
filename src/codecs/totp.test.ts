import { describe, expect, it } from 'vitest';
import { newTotpSecret, totpCode, totpStepOf, totpUri } from './totp.ts';

/** `12345678901234567890` of RFC 6238, appendix B, in base32. */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('codes of a second factor', () => {
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('are those of RFC 6238 at %i s', (seconds, code) => {
    expect(totpCode(secret, Math.floor(seconds / 30))).toBe(code);
    expect(totpStepOf(secret, code, new Date(seconds * 1000))).toBe(Math.floor(seconds / 30));
  });

  it('are accepted one step early or late, not two', () => {
    const at = (step: number) => new Date(step * 30_000);
    const code = totpCode(secret, 1_000);
    expect([998, 999, 1_000, 1_001, 1_002].map((step) => totpStepOf(secret, code, at(step)))).toEqual([
      null,
      1_000,
      1_000,
      1_000,
      null,
    ]);
    for (const wrong of ['', '12345', '1234567', ' 87082', '287082 ', '２８７０８２'])
      expect(totpStepOf(secret, wrong, new Date(59_000))).toBeNull();
  });

  it('have secrets of 160 bits, which apps read from a URI', () => {
    const made = newTotpSecret();
    expect(made).toMatch(/^[A-Z2-7]{32}$/);
    expect(newTotpSecret()).not.toBe(made);
    expect(totpUri(made, 'mika')).toBe(`otpauth://totp/Mitate:mika?secret=${made}&issuer=Mitate`);
  });
});
