import { resolve } from 'node:path';
import type { ConfigSources } from './sources.ts';

/** `MITATE_PIPELINES`, else the working folder: a run asked for over HTTP takes its pipeline file from inside it. */
export function resolvePipelines({ env, cwd }: ConfigSources): string {
  return resolve(cwd, env.MITATE_PIPELINES || '.');
}
