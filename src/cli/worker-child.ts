import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import type { Config } from '../config/index.ts';
import type { Logger } from '../contracts/logger.ts';

const firstPauseMs = 1_000;
const longestPauseMs = 60_000;
/** A worker that lived so long was well: its next end is a first one. */
const wellMs = 60_000;
const graceMs = 35_000;
/** Training must not slow answers down. */
const niceness = 10;

/** Keeps `mitate worker` running as a child of this process, by the same command line that started this one. */
export function keepWorker(config: Config, logger: Logger): AsyncDisposable {
  let child: ChildProcess;
  let pauseMs = firstPauseMs;
  let closing = false;
  let timer: NodeJS.Timeout | undefined;

  const start = () => {
    const startedAt = performance.now();
    child = startWorker(config);
    child.once('exit', (code, signal) => {
      if (closing) return;
      if (performance.now() - startedAt > wellMs) pauseMs = firstPauseMs;
      logger.warn('the worker ended and is started again', { code, signal, pauseMs });
      timer = setTimeout(start, pauseMs);
      pauseMs = Math.min(longestPauseMs, 2 * pauseMs);
    });
  };
  start();
  return {
    async [Symbol.asyncDispose]() {
      closing = true;
      clearTimeout(timer);
      await stop(child);
    },
  };
}

function startWorker({ workspace, processes }: Config): ChildProcess {
  const main = process.argv[1] as string;
  const args = ['worker', '--workspace', workspace, '--processes', String(processes)];
  // stdout stays the server's own: results for programs
  const child = fork(main, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child.on('error', () => {});
  if (child.pid !== undefined) setPriority(child.pid, niceness);
  return child;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await exited;
  clearTimeout(timer);
}
