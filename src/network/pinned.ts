import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** A socket's `lookup` that returns these addresses only, whatever DNS answers later. */
export function pinned(addresses: LookupAddress[]): LookupFunction {
  return (_host, options, done) => {
    const [first] = addresses;
    if (options.all) done(null, addresses);
    else if (first) done(null, first.address, first.family);
    else done(new Error('the host has no address'), []);
  };
}
