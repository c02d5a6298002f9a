import { resolve } from 'node:path';
import { MitateError } from '../errors/index.ts';
import type { ConfigSources } from './sources.ts';

/** Local copies of artifacts in shared storage. */
export interface CopiesConfig {
  /** Absolute path; null = kept no longer than a step, or in the workspace. */
  readonly folder: string | null;
  readonly maxBytes: number;
}

const usualGb = 20;

/** `MITATE_ARTIFACT_COPIES` and `MITATE_ARTIFACT_COPIES_GB` (20). */
export function resolveCopies({ env, cwd }: Pick<ConfigSources, 'env' | 'cwd'>): CopiesConfig {
  const gb = Number(env.MITATE_ARTIFACT_COPIES_GB || usualGb);
  if (!(gb >= 0 && gb <= 1_000_000))
    throw new MitateError('CONFIG_INVALID', { setting: 'MITATE_ARTIFACT_COPIES_GB', expected: 'a number, 0 or more' });
  const folder = env.MITATE_ARTIFACT_COPIES ? resolve(cwd, env.MITATE_ARTIFACT_COPIES) : null;
  return { folder, maxBytes: Math.floor(gb * 1e9) };
}
