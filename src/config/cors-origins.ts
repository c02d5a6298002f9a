import { originSchema } from '../contracts/origin.ts';
import { MitateError } from '../errors/index.ts';
import type { ConfigSources } from './sources.ts';

/** `MITATE_CORS_ORIGINS`: pages that may call every route from a browser, comma-separated. Default: none. */
export function resolveCorsOrigins({ env }: ConfigSources): readonly string[] {
  const origins = (env.MITATE_CORS_ORIGINS ?? '').split(',').map((text) => text.trim());
  return origins.filter((origin) => origin !== '').map(checked);
}

function checked(origin: string): string {
  const { data, error } = originSchema.safeParse(origin);
  if (data !== undefined) return data;
  throw new MitateError('CONFIG_INVALID', {
    setting: 'MITATE_CORS_ORIGINS',
    expected: String(error?.issues[0]?.message),
  });
}
