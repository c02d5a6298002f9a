import { resolve } from 'node:path';
import type { ConfigSources } from './sources.ts';

/** `--workspace`, else `MITATE_WORKSPACE`, else `.mitate` in the working folder. */
export function resolveWorkspace({ flags, env, cwd }: ConfigSources): string {
  return resolve(cwd, flags.workspace ?? (env.MITATE_WORKSPACE || '.mitate'));
}
