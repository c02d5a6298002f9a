import { networkInterfaces } from 'node:os';
import { isLoopback } from '../plugins/this-machine-only.ts';

/** IPv4 addresses of this machine that others reach; private ones first: a phone is in the same network. */
export function lanAddresses(): string[] {
  const found = Object.values(networkInterfaces())
    .flatMap((all = []) => all)
    .filter(({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.'))
    .map(({ address }) => address);
  return [...new Set(found)].sort((a, b) => Number(isPrivate(b)) - Number(isPrivate(a)));
}

const isPrivate = (address: string) => /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address);

/** Where a phone in the same network reaches a server that listens on `host`; null on an address of this machine alone. */
export function phoneAddress(url: string, host: string): string | null {
  if (isLoopback(host)) return null;
  if (host !== '0.0.0.0' && host !== '::') return url;
  const [address] = lanAddresses();
  return address === undefined ? null : url.replace(/\/\/(0\.0\.0\.0|\[::\]):/, `//${address}:`);
}
