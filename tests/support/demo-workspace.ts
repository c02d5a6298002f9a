import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Demo } from '../../src/demo/demo.ts';
import { ScratchFolder } from './scratch-folder.ts';
import { sourceFlags } from './source-flags.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const cache = join(root, 'test-output/demo');
const longestMs = 600_000;

/** A copy of the workspace that `mitate demo` fills; the test may change it. */
export class DemoWorkspace implements Disposable {
  readonly #folder = new ScratchFolder();
  readonly workspace = this.#folder.at('workspace');
  /** What `mitate demo` said is in it. */
  readonly demo: Demo;

  private constructor(made: string) {
    cpSync(join(made, 'workspace'), this.workspace, { recursive: true });
    this.demo = JSON.parse(readFileSync(join(made, 'demo.json'), 'utf8')) as Demo;
  }

  /** Made once a day and per state of `src/`, by the first test that wants it: a minute on two quiet cores. A copy takes a fraction of a second. */
  static async open(): Promise<DemoWorkspace> {
    const made = join(cache, keyOfToday());
    for (const end = Date.now() + longestMs; !existsSync(join(made, 'demo.json')); await wait(200)) {
      if (Date.now() > end) throw new Error(`no demo in ${made} after ${longestMs / 1000} s`);
      if (isTaken(`${made}.lock`)) continue;
      await make(made).finally(() => rmSync(`${made}.lock`, { force: true }));
    }
    return new DemoWorkspace(made);
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

/** The demo ends now: one of another day would look back on empty days. */
function keyOfToday(): string {
  const digest = createHash('sha256');
  for (const part of ['src', 'examples/demo'])
    for (const file of readdirSync(join(root, part), { recursive: true, withFileTypes: true }))
      if (file.isFile() && /(?<!\.test)\.(ts|sql)$/.test(file.name))
        digest.update(readFileSync(join(file.parentPath, file.name)));
  return `${new Date().toISOString().slice(0, 10)}-${digest.digest('hex').slice(0, 16)}`;
}

/** Whether a living process makes it; else this one does from now on. */
function isTaken(lock: string): boolean {
  mkdirSync(dirname(lock), { recursive: true });
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return false;
  } catch {
    const pid = Number(existsSync(lock) && readFileSync(lock, 'utf8'));
    if (pid > 0 && !isAlive(pid)) rmSync(lock, { force: true });
    return true;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function make(made: string): Promise<void> {
  for (const old of readdirSync(cache)) if (!old.endsWith('.lock')) rmSync(join(cache, old), { recursive: true });
  const demo = [join(root, 'src/cli/main.ts'), 'demo', '--json', '--workspace', join(made, 'workspace')];
  const { stdout } = await promisify(execFile)(process.execPath, [...sourceFlags, ...demo], { cwd: root });
  writeFileSync(join(made, 'demo.json.new'), stdout);
  renameSync(join(made, 'demo.json.new'), join(made, 'demo.json'));
}
