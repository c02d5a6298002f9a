import { Worker } from 'node:worker_threads';
import { childEntry } from '../processes/child-entry.ts';

/** A command that is younger, and has not asked for time, has nothing to wind down: a signal has its default effect, and no thread is started. */
const quietMs = 1_000;
/** Time to wind down after a signal, unless the command allows more. */
const windDownMs = 1_500;

export interface Cancellation extends Disposable {
  /** Aborts at the first Ctrl-C or SIGTERM. */
  signal: AbortSignal;
  /** Lets winding down take up to `ms` instead of 2 s. */
  allow(ms: number): void;
}

/**
 * First Ctrl-C or SIGTERM: aborts the signal, and work winds down for at most 2 s. Second: exits at once. Child processes exit when their
 * channel closes. While the event loop is blocked, the watchdog ends the process instead.
 */
export function cancellation(on: { first: () => void; abandoned: () => void }): Cancellation {
  const controller = new AbortController();
  // milliseconds allowed, shared with the watchdog; 0 until the event loop has handled a signal
  const allowed = new Int32Array(new SharedArrayBuffer(4));
  let graceMs = windDownMs;
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    Atomics.store(allowed, 0, graceMs);
    setTimeout(() => {
      on.abandoned();
      process.exit(130);
    }, graceMs).unref();
    controller.abort();
    on.first();
  };
  let watchdog: Worker | undefined;
  const listen = () => {
    clearTimeout(timer);
    if (watchdog) return;
    watchdog = startWatchdog(allowed);
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  };
  const timer = setTimeout(listen, quietMs).unref();
  return {
    signal: controller.signal,
    allow: (ms) => {
      graceMs = Math.max(graceMs, ms);
      listen();
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      void watchdog?.terminate();
    },
  };
}

function startWatchdog(allowed: Int32Array): Worker {
  const watchdog = new Worker(childEntry('./signal-watchdog.ts', import.meta.url), {
    workerData: allowed,
    execArgv: ['--expose-internals', '--no-warnings'],
    resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 },
  });
  // a Node without that internal: signals work while the event loop runs
  watchdog.on('error', () => {});
  watchdog.unref();
  return watchdog;
}
