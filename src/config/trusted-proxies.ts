import { isIP } from 'node:net';
import { MitateError } from '../errors/index.ts';
import type { ConfigSources } from './sources.ts';

const names = ['loopback', 'linklocal', 'uniquelocal'];

/**
 * `MITATE_TRUST_PROXY`: reverse proxies whose `X-Forwarded-For` names the client; addresses, networks (10.0.0.0/8), `loopback`, `linklocal` or
 * `uniquelocal`, comma-separated. Default: none, and every client of a proxy has the proxy's address.
 */
export function resolveTrustedProxies({ env }: ConfigSources): readonly string[] {
  const proxies = (env.MITATE_TRUST_PROXY ?? '').split(',').map((text) => text.trim());
  return proxies.filter((proxy) => proxy !== '').map(checked);
}

function checked(proxy: string): string {
  if (names.includes(proxy) || isNetwork(proxy)) return proxy;
  throw new MitateError('CONFIG_INVALID', {
    setting: 'MITATE_TRUST_PROXY',
    expected: `addresses, networks such as 10.0.0.0/8, ${names.join(', ')}, separated by commas`,
  });
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  const isLength = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
  return version > 0 && isLength && more.length === 0;
}
