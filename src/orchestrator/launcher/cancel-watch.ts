import type { Store } from '../../store/store.ts';

const everyMs = 1000;

/** A signal that follows the given one, and `mitate runs cancel` from another process, asked for every second. */
export function watchCancel(store: Store, runId: string, given?: AbortSignal): { signal: AbortSignal } & Disposable {
  const asked = new AbortController();
  let isAsking = false;
  const ask = async () => {
    if (isAsking) return;
    isAsking = true;
    // a database that is away for a moment is the steps' business
    const run = await store.getRun(runId).catch(() => null);
    isAsking = false;
    if (run?.cancelRequested) asked.abort();
  };
  const timer = setInterval(ask, everyMs);
  timer.unref();
  const signal = given ? AbortSignal.any([given, asked.signal]) : asked.signal;
  return { signal, [Symbol.dispose]: () => clearInterval(timer) };
}
