import { MitateError } from '../errors/index.ts';
import type { ConfigSources } from './sources.ts';

/** `MITATE_DATABASE_URL`, else null: PGlite in the workspace. */
export function resolveDatabaseUrl({ env }: Pick<ConfigSources, 'env'>): string | null {
  const url = env.MITATE_DATABASE_URL;
  if (!url) return null;
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new MitateError('CONFIG_INVALID', {
      setting: 'MITATE_DATABASE_URL',
      expected: 'postgresql://user:password@host:port/database',
    });
  }
  return url;
}
