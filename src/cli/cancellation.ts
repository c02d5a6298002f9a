/**
 * First Ctrl-C or SIGTERM: the signal is aborted and work winds down. Second: the process ends at once (its children follow, as their
 * channel closes).
 */
export function cancellation(onFirst: () => void): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    onFirst();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}
