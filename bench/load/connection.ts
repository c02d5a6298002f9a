import { connect, type Socket } from 'node:net';

export interface Response {
  status: number;
  headers: string;
  body: Buffer;
}

interface Waiting {
  resolve(response: Response): void;
  reject(error: Error): void;
}

/**
 * One keep-alive HTTP/1.1 connection, one request at a time, written for little CPU: the generator shares two cores with what it measures
 * (0.1 ms a request, an HTTP client library takes 0.3).
 */
export class Connection {
  #socket: Socket;
  #received: Buffer[] = [];
  #size = 0;
  #waiting: Waiting | undefined;
  isOpen = true;

  constructor(url: URL) {
    this.#socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    this.#socket.on('data', (chunk) => this.#receive(chunk));
    this.#socket.on('error', (error) => this.#end(error));
    this.#socket.on('close', () => this.#end(Object.assign(new Error('closed'), { code: 'CLOSED' })));
  }

  /** @param parts written as they are: head, body */
  send(parts: readonly Uint8Array[], timeoutMs: number): Promise<Response> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#end(Object.assign(new Error('timeout'), { code: 'timeout' }));
      }, timeoutMs);
      this.#waiting = {
        resolve: (response) => {
          clearTimeout(timer);
          resolve(response);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.#socket.cork();
      for (const part of parts) this.#socket.write(part);
      this.#socket.uncork();
    });
  }

  close(): void {
    this.isOpen = false;
    this.#socket.destroy();
  }

  #end(error: Error): void {
    this.close();
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }

  #receive(chunk: Buffer): void {
    this.#received.push(chunk);
    this.#size += chunk.length;
    const all = this.#received.length === 1 ? chunk : Buffer.concat(this.#received, this.#size);
    const end = all.indexOf('\r\n\r\n');
    if (end < 0) return;
    const headers = all.toString('latin1', 0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(headers);
    if (!length) {
      this.#end(new Error(`an answer without Content-Length: ${headers.slice(0, 200)}`));
      return;
    }
    const total = end + 4 + Number(length[1]);
    if (all.length < total) return;
    this.#received = [];
    this.#size = 0;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (/\r\nconnection: *close/i.test(headers)) this.close();
    waiting?.resolve({ status: Number(headers.slice(9, 12)), headers, body: all.subarray(end + 4, total) });
  }
}
