import { packError, type SentError } from './sent-error.ts';

export interface Envelope<Request> {
  id: number;
  request: Request;
}

/** `id` 0: the process is up. */
export interface Reply {
  id: number;
  answer?: unknown;
  error?: SentError;
}

/**
 * The main loop of a forked module: answers each request of the parent, and ends with the parent, even if that was killed.
 * @param onParentGone default: exit at once
 */
export function serveParent<Request>(
  handle: (request: Request) => Promise<unknown>,
  onParentGone: () => void = () => process.exit(0),
): void {
  process.on('message', ({ id, request }: Envelope<Request>) => {
    handle(request).then(
      (answer) => reply({ id, answer }),
      (error) => reply({ id, error: packError(error) }),
    );
  });
  process.on('disconnect', onParentGone);
  // Ctrl-C reaches the whole process group; the parent decides when its children end.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
  if (process.connected) reply({ id: 0 });
  else onParentGone();
}

function reply(message: Reply): void {
  // A send that fails is followed by the disconnect event.
  if (process.connected) process.send?.(message, () => {});
}
