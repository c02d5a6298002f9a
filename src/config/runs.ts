import { resolve } from 'node:path';
import { durationMs } from '../codecs/duration.ts';
import { isUrl } from '../codecs/url-place.ts';
import { MitateError } from '../errors/index.ts';
import type { ConfigSources } from './sources.ts';

/** What the code of queued runs may use. */
export interface RunLimits {
  /** Of a whole run. */
  readonly timeoutMs: number;
  /** Of the process that has a pipeline's own code. */
  readonly memoryMb: number;
  /** Its environment: nothing that Mitate or a cloud keeps secret, unless it is listed. */
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** What released code may read: absolute paths of folders, and, for its built-in components, URLs of buckets and servers. */
  readonly reads: readonly string[];
  /** Folders to which released code may have models copied: absolute paths. */
  readonly writes: readonly string[];
}

const usual = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
];

/** `MITATE_RUN_TIMEOUT` (24h), `MITATE_RUN_MEMORY_MB` (4096), `MITATE_RUN_ENV`, `MITATE_RELEASE_READS` and `MITATE_RELEASE_WRITES` (separated by commas). */
export function resolveRunLimits({ env, cwd }: Pick<ConfigSources, 'env' | 'cwd'>): RunLimits {
  const timeoutMs = durationMs(env.MITATE_RUN_TIMEOUT || '24h');
  if (!timeoutMs)
    throw new MitateError('CONFIG_INVALID', { setting: 'MITATE_RUN_TIMEOUT', expected: 'a duration, as in 2h' });
  const memoryMb = Number(env.MITATE_RUN_MEMORY_MB || 4096);
  if (!Number.isInteger(memoryMb) || memoryMb < 128)
    throw new MitateError('CONFIG_INVALID', {
      setting: 'MITATE_RUN_MEMORY_MB',
      expected: 'a whole number, at least 128',
    });
  const passed = [...usual, ...listed(env.MITATE_RUN_ENV)].flatMap((name) =>
    env[name] === undefined ? [] : [[name, env[name]]],
  );
  const reads = listed(env.MITATE_RELEASE_READS).map((place) => (isUrl(place) ? place : resolve(cwd, place)));
  const writes = listed(env.MITATE_RELEASE_WRITES).map((place) => resolve(cwd, place));
  return { timeoutMs, memoryMb, env: Object.fromEntries(passed), reads, writes };
}

const listed = (text = '') => text.split(',').flatMap((each) => each.trim() || []);
