import { MitateError } from '../errors/index.ts';
import type { ConfigSources } from './config.ts';

/** Releases that a server takes by webhook. */
export interface ReleaseHooks {
  /** Of the HMAC; never printed. */
  readonly secret: string;
  readonly branches: readonly string[];
}

const shortest = 32;

/** `MITATE_RELEASE_SECRET`, else null: none are taken. `MITATE_RELEASE_BRANCHES`, separated by commas, else `main`. */
export function resolveReleaseHooks({ env }: Pick<ConfigSources, 'env'>): ReleaseHooks | null {
  const secret = env.MITATE_RELEASE_SECRET;
  if (!secret) return null;
  if (secret.length < shortest)
    throw new MitateError('CONFIG_INVALID', {
      setting: 'MITATE_RELEASE_SECRET',
      expected: `at least ${shortest} characters, such as "openssl rand -hex 32" gives`,
    });
  const branches = (env.MITATE_RELEASE_BRANCHES || 'main')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  return { secret, branches };
}
