import type { Config } from '../config/index.ts';
import type { Logger } from '../contracts/logger.ts';
import { ForkedProcess } from '../processes/forked-process.ts';

const firstPauseMs = 1_000;
const longestPauseMs = 60_000;
/** After this uptime the restart backoff is reset. */
const stableMs = 60_000;
const graceMs = 35_000;
/** Training must not slow down serving. */
const niceness = 10;

/** Keeps `mitate worker` running as a child of this process, started with the same command line. */
export function keepWorker(config: Config, logger: Logger): AsyncDisposable {
  let child: ForkedProcess;
  let pauseMs = firstPauseMs;
  let closing = false;
  let timer: NodeJS.Timeout | undefined;

  const start = () => {
    const startedAt = performance.now();
    child = startWorker(config);
    void child.ended.then(({ reason }) => {
      if (closing) return;
      if (performance.now() - startedAt > stableMs) pauseMs = firstPauseMs;
      logger.warn('worker ended; restarting it', { reason, pauseMs });
      timer = setTimeout(start, pauseMs);
      pauseMs = Math.min(longestPauseMs, 2 * pauseMs);
    });
  };
  start();
  return {
    async [Symbol.asyncDispose]() {
      closing = true;
      clearTimeout(timer);
      await child.stop(graceMs, 'SIGTERM');
    },
  };
}

/** The worker does not inherit stdout: the server prints its results there. */
function startWorker({ workspace, processes }: Config): ForkedProcess {
  const args = ['worker', '--workspace', workspace, '--processes', String(processes)];
  return new ForkedProcess(process.argv[1] as string, {
    args,
    execArgv: process.execArgv,
    nice: niceness,
    stderr: 'inherit',
  });
}
