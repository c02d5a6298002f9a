import type { Store } from '../../store/store.ts';

const everyMs = 1000;

/** A signal that follows the given one, and `mitate runs cancel` in another process, polled every second. */
export function watchCancel(store: Store, runId: string, given?: AbortSignal): { signal: AbortSignal } & Disposable {
  const requested = new AbortController();
  let isPolling = false;
  const poll = async () => {
    if (isPolling) return;
    isPolling = true;
    // an unavailable database is reported by the steps
    const run = await store.getRun(runId).catch(() => null);
    isPolling = false;
    if (run?.cancelRequested) requested.abort();
  };
  const timer = setInterval(poll, everyMs);
  timer.unref();
  const signal = given ? AbortSignal.any([given, requested.signal]) : requested.signal;
  return { signal, [Symbol.dispose]: () => clearInterval(timer) };
}
