import { channelVariablePrefix } from '../contracts/alert.ts';
import { MitateError } from '../errors/index.ts';
import type { ConfigSources } from './config.ts';

/** What channels may reach, and with which secrets. */
export interface ChannelConfig {
  /** Hosts, addresses and networks that may be reached besides public addresses. */
  readonly allow: readonly string[];
  /** Variables that channels may name; never printed. */
  readonly secrets: Readonly<Record<string, string>>;
}

const allowName = `${channelVariablePrefix}ALLOW`;
/** `hooks.internal`, `10.0.0.0/8`, `::1`. */
const entry = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$|^[0-9a-f.:]+(?:\/\d{1,3})?$/i;

/** `MITATE_CHANNEL_ALLOW`, separated by commas: hosts, IP addresses, networks; every other `MITATE_CHANNEL_...` is a secret. */
export function resolveChannels({ env }: Pick<ConfigSources, 'env'>): ChannelConfig {
  const allow = (env[allowName] ?? '')
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each !== '');
  if (!allow.every((each) => entry.test(each)))
    throw new MitateError('CONFIG_INVALID', {
      setting: allowName,
      expected: 'hosts, addresses and networks separated by commas, such as "hooks.internal,10.0.0.0/8"',
    });
  const secrets = Object.entries(env).filter(
    ([name, value]) => name.startsWith(channelVariablePrefix) && name !== allowName && value,
  );
  return Object.freeze({
    allow: Object.freeze(allow),
    secrets: Object.freeze(Object.fromEntries(secrets) as Record<string, string>),
  });
}
