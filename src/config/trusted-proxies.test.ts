import { describe, expect, it } from 'vitest';
import { resolveTrustedProxies } from './trusted-proxies.ts';

const resolved = (text?: string) =>
  resolveTrustedProxies({ flags: {}, env: { MITATE_TRUST_PROXY: text }, cwd: '/', isTty: false });

describe('MITATE_TRUST_PROXY', () => {
  it.each([
    [undefined, []],
    ['', []],
    ['loopback, 10.0.0.0/8,fd00::/8', ['loopback', '10.0.0.0/8', 'fd00::/8']],
    ['192.0.2.1', ['192.0.2.1']],
  ])('%j is read', (text, proxies) => expect(resolved(text)).toEqual(proxies));

  it.each([
    'true',
    '*',
    '10.0.0.0/33',
    '10.0.0/8',
    '::/129',
    'proxy.example',
    '10.0.0.0/8/8',
    '1',
  ])('%j is refused', (text) => expect(() => resolved(text)).toThrow(/MITATE_TRUST_PROXY/));
});
