import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';
import { pinned } from './pinned.ts';

/** In a public range, but Azure's service for its own machines (metadata, DNS). */
const cloudServices = new Set(['168.63.129.16']);
/** Global unicast; all other IPv6 is local, mapped, translated or unassigned. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** Why an IP address may not be fetched from. Null for a public one. IPv4 mapped into IPv6 counts as IPv4. */
export function refusalOf(address: string): string | null {
  if (!ipaddr.isValid(address)) return `"${address}" is not an IP address`;
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (range !== 'unicast') return `${address} is not a public address (${range})`;
  if (cloudServices.has(parsed.toString())) return `${address} is a cloud provider's internal service`;
  if (parsed.kind() === 'ipv6' && !parsed.match(globalUnicast)) return `${address} is not a public address`;
  return null;
}

/** Thrown when a host resolves to an address that is not public. */
export class NotPublic extends Error {}

type Resolved = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/**
 * A `lookup` for sockets that vets the addresses from DNS: the socket connects to a vetted address, whatever DNS answers later. One
 * address that is not public refuses the host.
 */
export function publicLookup(hostname: string, options: LookupOptions, done: Resolved): void {
  lookup(hostname, { ...options, all: true }).then(
    (addresses) => {
      const refusal = addresses.map(({ address }) => refusalOf(address)).find((reason) => reason !== null);
      if (refusal) done(new NotPublic(refusal), []);
      else pinned(addresses)(hostname, options, done);
    },
    (error) => done(error, []),
  );
}
