import { describe, expect, it } from 'vitest';
import { refusalOf } from './public-address.ts';

/** First and last address of what IANA's special-purpose registries do not call globally reachable, and what is multicast or unassigned. */
const blocks = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255'],
  ['192.0.2.0', '192.0.2.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['198.51.100.0', '198.51.100.255'],
  ['203.0.113.0', '203.0.113.255'],
  ['224.0.0.0', '255.255.255.255'],
  ['::', '::ffff:ffff'],
  ['::ffff:10.0.0.0', '::ffff:10.255.255.255'],
  ['64:ff9b::', '64:ff9b::ffff:ffff'],
  ['64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff'],
  ['100::', '100::ffff:ffff:ffff:ffff'],
  ['2001::', '2001:0:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2001:2::', '2001:2:0:ffff:ffff:ffff:ffff:ffff'],
  ['2001:10::', '2001:1f:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['4000::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
] as const;

describe('an address', () => {
  it.each(blocks)('from %s to %s is not public', (first, last) => {
    expect([refusalOf(first), refusalOf(last)]).not.toContain(null);
  });

  it.each([
    ['1.0.0.0', '9.255.255.255'],
    ['11.0.0.0', '100.63.255.255'],
    ['100.128.0.0', '126.255.255.255'],
    ['128.0.0.0', '169.253.255.255'],
    ['172.32.0.0', '191.255.255.255'],
    ['192.0.1.0', '192.0.1.255'],
    ['192.169.0.0', '198.17.255.255'],
    ['203.0.114.0', '223.255.255.255'],
    ['2001:4860::', '2001:4860:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['2003::', '2003:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['::ffff:8.8.8.8', '::ffff:1.1.1.1'],
  ])('from %s to %s is public', (first, last) => {
    expect([refusalOf(first), refusalOf(last)]).toEqual([null, null]);
  });

  it.each([
    ['168.63.129.16', 'of a cloud’s own service'],
    ['::ffff:168.63.129.16', 'of the same in IPv6 clothes'],
    ['fd00:ec2::254', 'of a cloud’s metadata'],
    ['fe80::1%eth0', 'of a link'],
    ['127.1', 'in short'],
    ['0177.0.0.1', 'in octal'],
    ['0x7f.0.0.1', 'in hexadecimal'],
    ['2130706433', 'as a number'],
    ['1.1.1.1.', 'with a dot behind it'],
    ['', 'of nothing'],
  ])('%s, %s, is refused', (address) => {
    expect(refusalOf(address)).not.toBeNull();
  });
});
