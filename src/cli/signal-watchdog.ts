import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { workerData } from 'node:worker_threads';

/**
 * Thread that ends the process after a signal which the main thread does not handle: Node runs signal handlers on the event loop, so that a
 * loop which is blocked ignores them for ever. Node offers `process.on('SIGTERM')` to the main thread alone; its internal handle
 * works on the loop of any thread.
 */
interface SignalHandle {
  onsignal: () => void;
  start(signal: number): void;
}

const blockedMs = 1_600;
const marginMs = 300;
const allowed = workerData as Int32Array;
let isSecond = false;

const { internalBinding } = createRequire(import.meta.url)('internal/test/binding') as {
  internalBinding(name: 'signal_wrap'): { Signal: new () => SignalHandle };
};
const { Signal } = internalBinding('signal_wrap');
for (const signal of [constants.signals.SIGINT, constants.signals.SIGTERM]) {
  const handle = new Signal();
  handle.onsignal = () => {
    setTimeout(isSecond ? kill : check, isSecond ? marginMs : blockedMs);
    isSecond = true;
  };
  handle.start(signal);
}

/** The main thread ends itself in the time that it allowed, unless it is blocked since. */
function check(): void {
  const restMs = Atomics.load(allowed, 0) - blockedMs;
  if (restMs <= 0) kill();
  else setTimeout(kill, restMs + marginMs);
}

function kill(): void {
  writeSync(2, 'Killed: the command was busy and did not stop.\n');
  process.kill(process.pid, 'SIGKILL');
}
