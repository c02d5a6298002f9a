import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../config/package-root.ts';
import type { ForkOptions } from '../../processes/forked-process.ts';
import { projectRoot } from '../release/project-root.ts';

/** What the process of a pipeline's code may use. */
export interface Rights {
  /** Variables of this process that it gets, besides the usual ones. */
  env: Readonly<NodeJS.ProcessEnv>;
  /** Null = like any process of this account: a file that the operator put on this machine. */
  files: { read: readonly string[]; write: readonly string[] } | null;
}

const here = fileURLToPath(new URL('../../', import.meta.url));
const packages = dirname(dirname(createRequire(import.meta.url).resolve('zod/package.json')));
/** Ends it with this process, even when it spins. */
const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));

/** @param source the pipeline file */
export function forkOptions(source: string, { env, files }: Rights): ForkOptions {
  return {
    env,
    cwd: projectRoot(source),
    ...(setpriv !== undefined && { startedBy: [setpriv, '--pdeathsig', 'KILL', '--no-new-privs'] as const }),
    ...(files && { execArgv: confined(source, files) }),
  };
}

/** No native modules, processes, threads, WASI, and no SQLite, which opens files past Node's permissions. */
function confined(source: string, { read, write }: NonNullable<Rights['files']>): string[] {
  const own = [here, join(packageRoot, 'package.json'), packages, projectRoot(source)];
  return [
    ...['--permission', '--no-experimental-sqlite'],
    ...[...own, ...read, ...write].map((path) => `--allow-fs-read=${path}`),
    ...write.map((path) => `--allow-fs-write=${path}`),
  ];
}
