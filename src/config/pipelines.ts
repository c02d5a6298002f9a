import { resolve } from 'node:path';
import type { ConfigSources } from './sources.ts';

/** `MITATE_PIPELINES`, else the working folder: pipeline files of runs requested over HTTP must be inside it. */
export function resolvePipelines({ env, cwd }: ConfigSources): string {
  return resolve(cwd, env.MITATE_PIPELINES || '.');
}
