import type { IncomingMessage } from 'node:http';
import { v7 as uuidv7 } from 'uuid';

/** The caller's `X-Request-Id` if it is alphanumeric with `_.-`, 8 to 128 characters; else a new UUIDv7. */
export function requestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{8,128}$/.test(given) ? given : uuidv7();
}
