import { fork } from 'node:child_process';
import { unpackError } from '../../inference/processes/sent-error.ts';
import type { GridOrder, GridReply } from './grid-process.ts';

const entry = new URL(import.meta.url.endsWith('.ts') ? './grid-process.ts' : './grid-process.js', import.meta.url);

/** One that hangs, on a network drive perhaps, would keep waiting all that are asked for after it. */
const longestMs = 120_000;

let turn: Promise<unknown> = Promise.resolve();

/** A `photoGrid` in a process of its own, one at a time: a server reads and decodes no photos. */
export async function drawGrid(order: GridOrder): Promise<Uint8Array> {
  const mine = turn.then(
    () => ask(order),
    () => ask(order),
  );
  turn = mine;
  return await mine;
}

function ask(order: GridOrder): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const child = fork(entry, { serialization: 'advanced', stdio: 'ignore', timeout: longestMs });
    child.once('message', (reply: GridReply) => {
      if ('png' in reply) resolve(reply.png);
      else reject(unpackError(reply.error));
    });
    child.once('exit', (code, signal) => reject(new Error(`the process that draws ended: ${signal ?? code}`)));
    child.once('error', reject);
    child.send(order);
  });
}
