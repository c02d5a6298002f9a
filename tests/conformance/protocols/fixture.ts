import { connect } from 'node:net';
import type { ServedApp } from '../../support/served-app.ts';

/** What every protocol's suite is given: one app, whose endpoint `leaf` serves version 1 of `leaf`. */
export interface Fixture {
  api: ServedApp;
  /** Drawn leaves, JPEG of 96 x 96. */
  photos: Uint8Array[];
}

export const b64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

export const jpeg = (image: Uint8Array, headers = {}) => ({
  payload: Buffer.from(image),
  headers: { 'content-type': 'image/jpeg', ...headers },
});

export const json = (value: unknown, headers = {}) => ({
  payload: JSON.stringify(value),
  headers: { 'content-type': 'application/json', ...headers },
});

/** A form as fetch writes it. */
export async function form(fields: [string, string | Uint8Array][]) {
  const data = new FormData();
  for (const [name, value] of fields)
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, new Blob([new Uint8Array(value)], { type: 'image/jpeg' }), 'leaf.jpg');
  const request = new Request('http://localhost/', { method: 'POST', body: data });
  const headers = { 'content-type': request.headers.get('content-type')! };
  return { payload: Buffer.from(await request.arrayBuffer()), headers };
}

export interface Exchanged {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: Buffer;
}

/**
 * Sends a request as a specification prints it: a head of lines, and a body. Of the head `<length>` is filled in, and the
 * API key and `Connection: close` are added.
 */
export async function exchange({ url, key }: ServedApp, head: string, body: Uint8Array | string): Promise<Exchanged> {
  const bytes = Buffer.from(body);
  const lines = head.trim().replace('<length>', String(bytes.length)).split('\n');
  const whole = [...lines.map((line) => line.trim()), `X-Api-Key: ${key}`, 'Connection: close', '', ''].join('\r\n');
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  // not end(): Node takes a client that closes its half for one that went away
  socket.write(Buffer.concat([Buffer.from(whole), bytes]));
  const answer = Buffer.concat(await socket.toArray());
  const end = answer.indexOf('\r\n\r\n');
  const [status, ...fields] = answer.subarray(0, end).toString('latin1').split('\r\n');
  const headers = fields.map((field) => [field.split(':', 1)[0]!.toLowerCase(), field.replace(/^[^:]*: */, '')]);
  return {
    status: Number(status!.split(' ')[1]),
    headers: Object.fromEntries(headers),
    body: answer.subarray(end + 4),
  };
}
