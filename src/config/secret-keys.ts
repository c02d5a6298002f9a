import type { SecretKeys } from '../contracts/secret.ts';
import { MitateError } from '../errors/index.ts';
import type { ConfigSources } from './sources.ts';

/** `MITATE_SECRET_KEY` and, while it is changed, `MITATE_SECRET_KEY_PREVIOUS`: 32 bytes, base64. */
export function resolveSecretKeys({ env }: Pick<ConfigSources, 'env'>): SecretKeys {
  const keyOf = (setting: string): Uint8Array | null => {
    const text = env[setting]?.trim();
    if (!text) return null;
    const key = Buffer.from(text, 'base64');
    if (key.length === 32 && key.toString('base64') === text) return key;
    const expected = '32 bytes in base64, for example from "openssl rand -base64 32"';
    throw new MitateError('CONFIG_INVALID', { setting, expected });
  };
  return Object.freeze({ current: keyOf('MITATE_SECRET_KEY'), previous: keyOf('MITATE_SECRET_KEY_PREVIOUS') });
}
