import { isIP } from 'node:net';
import { channelVariablePrefix } from '../contracts/loop/alert.ts';
import { MitateError } from '../errors/index.ts';
import type { ConfigSources } from './sources.ts';

/** Allowed addresses and secrets of channels. */
export interface ChannelConfig {
  /** Hosts, addresses and networks that are allowed beside public addresses. */
  readonly allow: readonly string[];
  /** Variables that channels may name; never printed. */
  readonly secrets: Readonly<Record<string, string>>;
}

const allowName = `${channelVariablePrefix}ALLOW`;
const hostName = /^[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?$/;

/** `hooks.internal`, `10.0.0.0/8`, `::1`. Anything else, such as a port or `10.0.0.0/33`, would silently allow nothing. */
function isEntry(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0) return hostName.test(text) && !/(^|\.)\d+$/.test(text);
  if (prefix === undefined) return true;
  return more.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128);
}

/** `MITATE_CHANNEL_ALLOW`, separated by commas: hosts, IP addresses, networks; every other `MITATE_CHANNEL_...` is a secret. */
export function resolveChannels({ env }: Pick<ConfigSources, 'env'>): ChannelConfig {
  const allow = (env[allowName] ?? '')
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each !== '');
  const wrong = allow.find((each) => !isEntry(each));
  if (wrong !== undefined)
    throw new MitateError('CONFIG_INVALID', {
      setting: allowName,
      expected: `hosts, addresses and networks without ports, separated by commas, such as "hooks.internal,10.0.0.0/8"; got "${wrong}"`,
    });
  const secrets = Object.entries(env).filter(
    ([name, value]) => name.startsWith(channelVariablePrefix) && name !== allowName && value,
  );
  return Object.freeze({
    allow: Object.freeze(allow),
    secrets: Object.freeze(Object.fromEntries(secrets) as Record<string, string>),
  });
}
