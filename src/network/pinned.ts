import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** A socket's `lookup` that knows these addresses alone, whatever DNS says a moment later. */
export function pinned(addresses: LookupAddress[]): LookupFunction {
  return (_host, options, done) => {
    if (options.all) done(null, addresses);
    else done(null, addresses[0]!.address, addresses[0]!.family);
  };
}
