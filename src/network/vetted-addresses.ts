import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { NotPublic, refusalOf } from './public-address.ts';

/** Rules for destinations. */
export interface Reach {
  /** Host names, addresses and networks that are allowed although not public. */
  allow: readonly string[];
  /** Resolves a name to all its addresses. Default: the system's DNS. */
  resolve?: ((host: string) => Promise<LookupAddress[]>) | undefined;
}

export interface Vetted {
  /** Connect to one of these, whatever DNS answers later. */
  addresses: LookupAddress[];
  /** Allowed by the allow-list, not for being public. */
  isAllowed: boolean;
}

/**
 * The addresses behind a host, each public or allowed; any other address refuses the host.
 * @param host a name or an address; IPv6 with or without brackets
 * @throws NotPublic; what `resolve` throws
 */
export async function vettedAddresses(host: string, { allow, resolve = resolveAll }: Reach): Promise<Vetted> {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  const family = isIP(bare);
  const addresses = family === 0 ? await resolve(bare) : [{ address: bare, family }];
  if (addresses.length === 0) throw new NotPublic(`"${bare}" has no address`);
  if (family === 0 && allow.includes(bare)) return { addresses, isAllowed: true };
  const allowed = addresses.map(({ address }) => isInside(allow, address));
  addresses.forEach(({ address }, i) => {
    const refusal = allowed[i] ? null : refusalOf(address);
    if (refusal) throw new NotPublic(refusal);
  });
  return { addresses, isAllowed: allowed.every(Boolean) };
}

const resolveAll = (host: string) => lookup(host, { all: true });

/** IPv4 mapped into IPv6 counts as IPv4. */
function isInside(allow: readonly string[], address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return allow.some((entry) => {
    const range = rangeOf(entry);
    return range !== null && range[0].kind() === parsed.kind() && parsed.match(range);
  });
}

function rangeOf(entry: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | null {
  if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry);
  if (isIP(entry) === 0) return null;
  const one = ipaddr.process(entry);
  return [one, one.kind() === 'ipv4' ? 32 : 128];
}
