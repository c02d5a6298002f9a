/**
 * `npm run dev -- [command] [flags]`: runs `mitate up`, or another command, from src/, and again when a file there changes. Without
 * `--workspace` or MITATE_WORKSPACE it has a scratch workspace, removed at the end.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Editors write a file in several events. */
const settleMs = 100;
/** In-flight requests and a running step may end; then the process is killed. */
const graceMs = 10_000;
/** npm passes Ctrl-C on to a process that the terminal has told already; a second one would skip the shutdown. */
const sameSignalMs = 500;

const root = fileURLToPath(new URL('..', import.meta.url));
const given = process.argv.slice(2);
const args = given[0] === undefined || given[0].startsWith('-') ? ['up', ...given] : given;
const hasWorkspace = process.env.MITATE_WORKSPACE || args.some((arg) => /^--workspace(=|$)/.test(arg));
const scratch = hasWorkspace ? null : mkdtempSync(join(tmpdir(), 'mitate-dev-'));

let child: ChildProcess;
let isRestarting = false;
let stoppedAt = 0;

const say = (text: string) => console.error(`dev: ${text}`);
const isAlive = () => child.exitCode === null && child.signalCode === null;

function start(): void {
  isRestarting = false;
  child = spawn(process.execPath, ['--conditions=mitate:source', join(root, 'src/cli/main.ts'), ...args], {
    // a group of its own: the terminal's Ctrl-C reaches it through this process, once
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/mitate-dev'),
      ...(scratch && { MITATE_WORKSPACE: scratch }),
    },
  });
  child.once('exit', (code, signal) => {
    if (stoppedAt) process.exit(code ?? 1);
    if (isRestarting) return start();
    say(`mitate ${args[0]} ended (${signal ?? code}); it starts again when a file of src/ changes`);
  });
}

function restart(file: string): void {
  if (isRestarting || stoppedAt) return;
  say(`${file} changed`);
  isRestarting = isAlive();
  if (isRestarting) end('SIGTERM');
  else start();
}

function end(signal: NodeJS.Signals): void {
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  child.once('exit', () => clearTimeout(timer));
}

function stop(signal: NodeJS.Signals): void {
  if (Date.now() - stoppedAt < sameSignalMs) return;
  stoppedAt = Date.now();
  if (!isAlive()) process.exit();
  end(signal === 'SIGHUP' ? 'SIGTERM' : signal);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
// SIGTERM to npm ends the shell between npm and this process, and tells this process nothing
const parent = process.ppid;
setInterval(() => process.ppid !== parent && stop('SIGTERM'), 1_000).unref();
process.on('exit', () => {
  if (scratch) rmSync(scratch, { recursive: true, force: true });
});

let timer: NodeJS.Timeout | undefined;
watch(join(root, 'src'), { recursive: true }, (_event, file) => {
  if (!file || !/\.(ts|sql|json)$/.test(file) || file.endsWith('.test.ts')) return;
  clearTimeout(timer);
  timer = setTimeout(restart, settleMs, file);
});
if (scratch) say(`scratch workspace ${scratch}`);
start();
