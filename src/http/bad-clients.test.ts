import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServedApp } from '../../tests/support/served-app.ts';

let served: ServedApp;

beforeAll(async () => {
  served = await ServedApp.open([], { limits: { stalledMs: 600, requestMs: 1_500 } });
});
afterAll(async () => await served[Symbol.asyncDispose]());

const head = (line: string, ...headers: string[]) => `${[line, 'Host: 127.0.0.1', ...headers].join('\r\n')}\r\n\r\n`;
const predict = 'POST /api/v1/endpoints/leaf:predict HTTP/1.1';

interface Talk {
  /** What the server said, whole, once it has closed. */
  text: string;
  /** What it let in of `flood`. */
  sentBytes: number;
  ms: number;
}

/** Writes to a raw socket, then stays silent, or floods, until the server closes. */
async function talk(text: string, options: { flood?: number; halfClose?: boolean } = {}): Promise<Talk> {
  const start = performance.now();
  const socket = connect(Number(new URL(served.url).port), '127.0.0.1');
  let [answer, sentBytes] = ['', 0];
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    answer += chunk;
  });
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.write(text);
  if (options.halfClose) socket.end();
  if (options.flood) sentBytes = await flood(socket, options.flood, closed);
  await closed;
  return { text: answer, sentBytes, ms: performance.now() - start };
}

async function flood(socket: Socket, bytes: number, closed: Promise<unknown>): Promise<number> {
  const chunk = Buffer.alloc(1 << 16, 0x61);
  let sent = 0;
  while (sent < bytes && socket.writable) {
    sent += chunk.length;
    if (!socket.write(chunk)) await Promise.race([once(socket, 'drain').catch(() => {}), closed]);
  }
  return sent;
}

const status = ({ text }: Talk) => Number(text.slice(9, 12));
const code = ({ text }: Talk) => JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)).error.code as string;

describe('what is not HTTP', () => {
  it.each([
    ['two lengths', `${head(predict, 'Content-Length: 3', 'Content-Length: 5')}abcde`],
    ['a length and chunks', `${head(predict, 'Content-Length: 3', 'Transfer-Encoding: chunked')}0\r\n\r\n`],
    ['chunks that are not last', `${head(predict, 'Transfer-Encoding: chunked, identity')}0\r\n\r\n`],
    ['a chunk size that is no number', `${head(predict, 'Transfer-Encoding: chunked')}zz\r\n\r\n`],
    ['a header folded over two lines', head(predict, 'X-A: b\r\n c: d')],
    ['a space before the colon', `${head(predict, 'Content-Length : 3')}abc`],
    ['a line feed alone between headers', 'GET /livez HTTP/1.1\nHost: x\n\n'],
    ['a null byte in a header', head(predict, 'X-A: \0')],
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc'],
    ['a negative length', head(predict, 'Content-Length: -1')],
  ])('is refused: %s', async (_what, text) => {
    const answer = await talk(text);
    expect({ status: status(answer), code: code(answer) }).toEqual({ status: 400, code: 'HTTP_MALFORMED' });
    expect(answer.text).toMatch(/^Connection: close\r$/m);
  });

  it('is refused with its headers too long', async () => {
    const answer = await talk(head('GET /livez HTTP/1.1', `X-Long: ${'x'.repeat(20_000)}`));
    expect({ status: status(answer), code: code(answer) }).toEqual({ status: 431, code: 'HTTP_HEADERS_TOO_LARGE' });
  });
});

describe('slow clients', () => {
  it('are cut when a body stands still', async () => {
    const answer = await talk(`${head(predict, `X-Api-Key: ${served.key}`, 'Content-Length: 1000')}abc`);
    expect(answer.ms).toBeLessThan(5_000);
  });

  it('are told when headers drip', async () => {
    const socket = connect(Number(new URL(served.url).port), '127.0.0.1');
    let text = '';
    socket
      .on('error', () => {})
      .on('data', (chunk) => {
        text += chunk;
      });
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    socket.write('GET /livez HTTP/1.1\r\n');
    const drip = setInterval(() => socket.write('X'), 200);
    await closed;
    clearInterval(drip);
    expect(text).toContain('HTTP/1.1 408');
    expect(text).toContain('HTTP_TOO_SLOW');
  });

  it('leave others answered', async () => {
    const stalled = Array.from({ length: 50 }, () => talk(`${head(predict, 'Content-Length: 9')}x`));
    expect((await fetch(`${served.url}/livez`)).status).toBe(200);
    await Promise.all(stalled);
  });
});

describe('a body that is too long', () => {
  const mb = 1024 * 1024;

  it('is refused before it is read when its length is said', async () => {
    const headers = head(
      predict,
      `X-Api-Key: ${served.key}`,
      'Content-Type: image/jpeg',
      `Content-Length: ${200 * mb}`,
    );
    const answer = await talk(headers, { flood: 200 * mb });
    expect(status(answer)).toBe(413);
    expect(answer.sentBytes).toBeLessThan(20 * mb);
  });

  it('is refused unsent when the client asks first', async () => {
    const headers = head(predict, `X-Api-Key: ${served.key}`, `Content-Length: ${200 * mb}`, 'Expect: 100-continue');
    const answer = await talk(headers);
    expect({ status: status(answer), code: code(answer) }).toEqual({ status: 413, code: 'HTTP_BODY_TOO_LARGE' });
    const short = await talk(head(predict, 'Content-Length: 3', 'Expect: 100-continue', 'Connection: close'));
    expect(short.text).toMatch(/^HTTP\/1.1 100 Continue/);
  });

  it('is refused at its limit when it comes in chunks', async () => {
    const headers = head(predict, `X-Api-Key: ${served.key}`, 'Content-Type: image/jpeg', 'Transfer-Encoding: chunked');
    const answer = await talk(`${headers}${(200 * mb).toString(16)}\r\n`, { flood: 200 * mb });
    expect(answer.sentBytes).toBeLessThan(60 * mb);
    expect(status(answer)).toBe(413);
  });

  it('of a stranger is answered, also when the client sends all of it before it reads', async () => {
    const socket = connect(Number(new URL(served.url).port), '127.0.0.1').pause();
    const body = Buffer.alloc(900_000, 0x61);
    socket.write(head(predict, `Content-Length: ${body.length}`));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const error = await new Promise((resolve) => socket.on('error', resolve).write(body, resolve));
    expect(error ?? null).toBeNull();
    let text = '';
    for await (const chunk of socket) text += chunk;
    expect(text).toMatch(/^HTTP\/1\.1 401 .*ACCESS_KEY_MISSING/s);
  });

  it('of a stranger is not read at all', async () => {
    const answer = await talk(head(predict, 'Content-Length: 10000000'), { flood: 10 * mb });
    expect({ status: status(answer), code: code(answer) }).toEqual({ status: 401, code: 'ACCESS_KEY_MISSING' });
    expect(answer.sentBytes).toBeLessThan(10 * mb);
  });
});
