import { Socket } from 'node:net';
import { readLines, writeLine } from './line-channel.ts';
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

/** To a parent that does not trust this process: see `line-channel.ts`. */
let lines: Socket | undefined;

/** The other end of `Child`. A send that fails is followed by the end of the channel. */
export function tellParent(message: object): void {
  if (lines) writeLine(lines, message);
  else if (process.connected) process.send?.(message, () => {});
}

function hearParent(take: (message: object) => void, gone: () => void): void {
  if (process.send === undefined) lines = new Socket({ fd: 3 }).on('close', gone);
  if (lines) readLines(lines, take, gone);
  else process.on('message', take).on('disconnect', gone);
}

/**
 * The main loop of a forked module: answers each request of the parent, and ends with the parent, even if that was killed.
 * @param onParentGone default: exit at once
 */
export function serveParent<Request>(
  handle: (request: Request) => Promise<unknown>,
  onParentGone: () => void = () => process.exit(0),
): void {
  hearParent((message) => {
    const { id, request } = message as Envelope<Request>;
    handle(request).then(
      (answer) => reply({ id, answer }),
      (error) => reply({ id, error: packError(error) }),
    );
  }, onParentGone);
  // Ctrl-C reaches the whole process group; the parent decides when its children end.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
  if (lines || process.connected) reply({ id: 0 });
  else onParentGone();
}

const reply = (message: Reply) => tellParent(message);
