import type { Config } from '../config/index.ts';
import type { Logger } from '../contracts/logger.ts';
import { ForkedProcess } from '../processes/forked-process.ts';

const firstPauseMs = 250;
const longestPauseMs = 60_000;
/** A worker is silent while its event loop is blocked; its runs are given to another after 20 s. */
const defaultSilentMs = 120_000;
const graceMs = 35_000;
/** Training must not slow down serving. */
const niceness = 10;

/** Keeps `mitate worker` running and responsive as a child of this process, started with the same command line. */
export function keepWorker(config: Config, logger: Logger, silentMs = defaultSilentMs): AsyncDisposable {
  let child: ForkedProcess;
  let pauseMs = firstPauseMs;
  let closing = false;
  let timer: NodeJS.Timeout | undefined;

  const start = () => {
    const started = startWorker(config, () => {
      pauseMs = firstPauseMs;
      silence.refresh();
    });
    const silence = setTimeout(() => started.kill(`no sign of life within ${silentMs} ms`), silentMs);
    child = started;
    void child.ended.then(({ reason }) => {
      clearTimeout(silence);
      if (closing) return;
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
function startWorker({ workspace, processes }: Config, onMessage: () => void): ForkedProcess {
  const args = ['worker', '--workspace', workspace, '--processes', String(processes)];
  return new ForkedProcess(process.argv[1] as string, {
    args,
    execArgv: process.execArgv,
    nice: niceness,
    stderr: 'inherit',
    onMessage,
  });
}
