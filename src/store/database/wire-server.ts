import { createServer, type Server, type Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';
import { wireFrames } from './wire-frames.ts';

interface Group {
  from: Socket;
  bytes: Buffer;
}

const idle = 'I'.charCodeAt(0);

/**
 * PGlite behind the PostgreSQL protocol. PGlite has one session: groups run one after another, and a connection inside a
 * transaction has exclusive use until it commits or disconnects.
 * @param fail called when PGlite itself failed (its memory can then not be trusted)
 */
export function wireServer(database: PGlite, fail: (error: unknown) => void): Server {
  const queue: Group[] = [];
  let holder: Socket | null = null;
  let working = false;

  const next = (): Group | undefined => {
    const index = holder === null ? 0 : queue.findIndex((group) => group.from === holder);
    return index < 0 ? undefined : queue.splice(index, 1)[0];
  };
  const work = async () => {
    if (working) return;
    working = true;
    for (let group = next(); group; group = next()) holder = (await answer(group)) === idle ? null : group.from;
    working = false;
    await abandon();
  };
  /** @returns the state in ReadyForQuery: idle, in a transaction, in a failed transaction */
  const answer = async ({ from, bytes }: Group) => {
    let state = idle;
    await database.execProtocolRawStream(bytes, {
      onRawData: (data) => {
        if (data.at(-6) === 0x5a) state = data.at(-1) ?? state;
        if (from.writable) from.write(Buffer.from(data));
      },
    });
    return state;
  };
  /** Rolls back the transaction of a client that disconnected. */
  const abandon = async () => {
    if (holder === null || !holder.destroyed || working) return;
    working = true;
    await database.exec('ROLLBACK');
    holder = null;
    working = false;
    await work();
  };

  return createServer((socket) => {
    const frames = wireFrames();
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => void abandon().catch(fail));
    socket.on('data', (chunk: Buffer) => {
      for (const item of frames.push(chunk)) {
        if (item === 'refuse-tls') socket.write('N');
        else if (item === 'end') socket.end();
        else queue.push({ from: socket, bytes: item });
      }
      void work().catch(fail);
    });
  });
}
