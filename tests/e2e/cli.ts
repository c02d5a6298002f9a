import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ScratchFolder } from '../support/scratch-folder.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const program = join(root, 'bin/mitate.js');

// dist/ is what users run: built here when the sources are newer, at once otherwise.
execFileSync(process.execPath, [join(root, 'scripts/prepare.ts')], { stdio: ['ignore', 'ignore', 'inherit'] });

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunningCommand {
  process: ReturnType<typeof spawn>;
  /** Resolves when stderr has it. */
  stderrHas(text: string | RegExp): Promise<void>;
  ended: Promise<Ran>;
}

/** A folder to work in and the command line in it; its workspace is `.mitate` there, as a user's is. */
export class Sandbox extends ScratchFolder {
  /** Starts `mitate ...`; `input` comes on its standard input. */
  start(args: readonly string[], options: { env?: Record<string, string>; input?: string } = {}): RunningCommand {
    const { MITATE_WORKSPACE: _, MITATE_DATABASE_URL: __, ...env } = process.env;
    const child = spawn(process.execPath, [program, ...args], {
      cwd: this.path,
      env: { ...env, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    // a command that reads nothing may have ended
    child.stdin.on('error', () => {}).end(options.input);
    const ran: Ran = { code: null, stdout: '', stderr: '' };
    const listeners = new Set<() => void>();
    const collect = (stream: 'stdout' | 'stderr') =>
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        ran[stream] += text;
        for (const listener of listeners) listener();
      });
    collect('stdout');
    collect('stderr');
    const ended = new Promise<Ran>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ ...ran, code }));
    });
    const stderrHas = (text: string | RegExp) =>
      new Promise<void>((resolve, reject) => {
        const look = () => {
          if (ran.stderr.search(text) >= 0) resolve();
        };
        listeners.add(look);
        look();
        ended.then(({ stderr }) => reject(new Error(`It ended without ${text}: ${stderr}`)), reject);
      });
    return { process: child, stderrHas, ended };
  }

  /** Runs `mitate ...` to its end. */
  mitate(...args: string[]): Promise<Ran> {
    return this.start(args).ended;
  }

  /** Runs `mitate ... --json`, which must succeed. @returns the printed values, one a line */
  async json<T = unknown>(...args: string[]): Promise<T[]> {
    const { code, stdout, stderr } = await this.mitate(...args, '--json');
    if (code !== 0) throw new Error(`mitate ${args.join(' ')} exited with ${code}: ${stderr}`);
    return parseLines<T>(stdout);
  }
}

export function parseLines<T = unknown>(text: string): T[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** The error that a command ended with under `--json`: the last line of stderr. */
export function errorOf({ stderr }: Ran): { code: string; message: string; remedy: string } {
  return parseLines<{ error: { code: string; message: string; remedy: string } }>(stderr.trim().split('\n').at(-1)!)[0]!
    .error;
}
