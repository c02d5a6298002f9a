import ipaddr from 'ipaddr.js';

/** Who is counted behind an address: of IPv6 the network of 64 bits, in which one client has as many addresses as it likes. */
export function networkOf(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip;
  const address = ipaddr.process(ip);
  return 'parts' in address
    ? address.parts
        .slice(0, 4)
        .map((part) => part.toString(16))
        .join(':')
    : address.toString();
}
