/**
 * First Ctrl-C or SIGTERM: aborts the signal, and work winds down. Second: exits at once; child processes exit when their channel closes.
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
