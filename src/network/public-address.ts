import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';

/** Public by its range, yet Azure's own service for machines inside it (metadata, DNS). */
const cloudServices = new Set(['168.63.129.16']);
/** Global unicast; all other IPv6 is local, mapped, translated or unassigned. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** Why an IP address may not be fetched from. Null for a public one. IPv4 mapped into IPv6 counts as IPv4. */
export function refusalOf(address: string): string | null {
  if (!ipaddr.isValid(address)) return `"${address}" is no IP address`;
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
 * A `lookup` for sockets that vets what DNS says and hands just those addresses on: the socket connects to an address that was
 * vetted, whatever DNS says a moment later. One address that is not public refuses the host.
 */
export function publicLookup(hostname: string, options: LookupOptions, done: Resolved): void {
  lookup(hostname, { ...options, all: true }).then(
    (addresses) => {
      const refusal = addresses.map(({ address }) => refusalOf(address)).find((reason) => reason !== null);
      if (refusal) done(new NotPublic(refusal), []);
      else if (options.all) done(null, addresses);
      else done(null, addresses[0]!.address, addresses[0]!.family);
    },
    (error) => done(error, []),
  );
}
