import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { MitateError } from '../../errors/index.ts';
import { errorBody } from './errors.ts';

/** Milliseconds and bytes. */
export const connectionLimits = {
  headersMs: 10_000,
  /** From the first to the last byte of a request: 20 MB at 1.3 Mbit/s. */
  requestMs: 120_000,
  /** Idle time while waiting for the client. */
  stalledMs: 20_000,
  keepAliveMs: 72_000,
  headersBytes: 16 * 1024,
  /** After a response before the end of its request: time to read it, and what is still accepted of the request. */
  lingerMs: 1_000,
  lingerBytes: 1024 * 1024,
} as const;

/** Responds to what Node's parser rejects (two lengths, bare line feeds, long headers, timeouts), and closes the connection. */
export function rejectMalformed(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const problem = malformed(error);
  const body = JSON.stringify(errorBody(problem, 'none'));
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.code}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function malformed({ code, message }: Error & { code?: string }): MitateError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new MitateError('HTTP_HEADERS_TOO_LARGE', { limitBytes: connectionLimits.headersBytes });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new MitateError('HTTP_TOO_SLOW', { limitMs: connectionLimits.requestMs });
    default:
      return new MitateError('HTTP_MALFORMED', { reason: message.replace(/^Parse Error: /, '') });
  }
}

/** Closes idle connections, unless the client is waiting for the server. */
export function disconnectStalled(server: Server, stalledMs: number): void {
  const current = new WeakMap<Socket, ServerResponse>();
  server.setTimeout(stalledMs);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => current.set(request.socket, response));
  server.on('timeout', (socket: Socket) => {
    const response = current.get(socket);
    const isServersTurn = response?.req.complete && !response.writableEnded;
    if (!isServersTurn) socket.destroy();
  });
}

/** Rejects a body that is too long before it is sent, for clients that ask (`Expect: 100-continue`). */
export function rejectLongBodies(server: Server, limitBytes: number): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (Number(request.headers['content-length'] ?? 0) <= limitBytes) response.writeContinue();
    server.emit('request', request, response);
  });
}

/**
 * After a response before the end of its request, the connection closes once the client has read the response. Closing at once, with
 * unread bytes of the request, would reset the connection, and the client would lose the response.
 */
export function closeAfterReading(server: Server, lingerMs: number): void {
  server.on('request', (request: IncomingMessage) => {
    const { socket } = request;
    // how Node closes a connection after its last response
    socket.destroySoon = () => {
      if (request.complete) Socket.prototype.destroySoon.call(socket);
      else linger(request, lingerMs);
    };
  });
}

function linger(request: IncomingMessage, lingerMs: number): void {
  const { socket } = request;
  let leftBytes: number = connectionLimits.lingerBytes;
  socket.end();
  request.on('data', (chunk: Buffer) => {
    leftBytes -= chunk.length;
    if (leftBytes <= 0) request.pause();
  });
  request.once('end', () => socket.destroy());
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(timer));
}
