import { describe, expect, it } from 'vitest';
import { NotPublic } from './public-address.ts';
import { vettedAddresses } from './vetted-addresses.ts';

const says = (...addresses: string[]) => ({
  resolve: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
});

describe('a host', () => {
  it('is reached at what DNS said, when all of it is public', async () => {
    const vetted = await vettedAddresses('hooks.example.com', { allow: [], ...says('93.184.215.14', '2606:2800::1') });
    expect(vetted.addresses.map(({ address }) => address)).toEqual(['93.184.215.14', '2606:2800::1']);
    expect(vetted.isAllowed).toBe(false);
  });

  it.each([
    ['one of its addresses is this machine', ['93.184.215.14', '127.0.0.1']],
    ['it is the metadata service of a cloud', ['169.254.169.254']],
    ['it is an IPv4 in IPv6 clothes', ['::ffff:10.0.0.1']],
    ['it has no address', []],
  ])('is refused when %s', async (_why, addresses) => {
    await expect(vettedAddresses('hooks.example.com', { allow: [], ...says(...addresses) })).rejects.toThrow(NotPublic);
  });

  it.each([
    '127.0.0.1',
    '[::1]',
    '10.1.2.3',
    '0.0.0.0',
    '[fd00::1]',
    '[::ffff:127.0.0.1]',
  ])('is refused when it is the address %s', async (address) => {
    await expect(vettedAddresses(address, { allow: [] })).rejects.toThrow(NotPublic);
  });
});

describe('the allow-list', () => {
  it.each([
    ['an address', '10.1.2.3', ['10.1.2.3']],
    ['a network', '10.1.2.3', ['192.168.0.0/16', '10.0.0.0/8']],
    ['an IPv6 network', '[fd00::7]', ['fd00::/8']],
    ['an IPv4 address that comes as IPv6', '[::ffff:10.1.2.3]', ['10.0.0.0/8']],
  ])('opens %s', async (_what, host, allow) => {
    expect(await vettedAddresses(host, { allow })).toMatchObject({ isAllowed: true });
  });

  it('opens a name wherever it points, in any case of letters', async () => {
    const vetted = await vettedAddresses('Hooks.Internal', { allow: ['hooks.internal'], ...says('10.1.2.3') });
    expect(vetted).toMatchObject({ isAllowed: true, addresses: [{ address: '10.1.2.3' }] });
  });

  it.each([
    ['another name', ['hooks.internal']],
    ['a network beside it', ['10.2.0.0/16']],
    ['a name that is part of it', ['example.com']],
  ])('opens nothing else: %s', async (_what, allow) => {
    const reach = { allow, ...says('10.1.2.3') };
    await expect(vettedAddresses('evil.example.com', reach)).rejects.toThrow('10.1.2.3 is not a public address');
  });

  it('does not open a name whose other address is not allowed', async () => {
    const reach = { allow: ['10.0.0.0/8'], ...says('10.1.2.3', '127.0.0.1') };
    await expect(vettedAddresses('evil.example.com', reach)).rejects.toThrow('127.0.0.1');
  });
});
