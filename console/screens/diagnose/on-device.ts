import type { DeviceAnswer, DeviceQuestion, DeviceReply } from '../../workers/on-device.ts';
import source from '../../workers/on-device.ts?worker&url';
import { keepFiles, scoped } from './scoped-worker.ts';

let worker: Worker | null = null;
let asked = 0;
const waiting = new Map<number, (reply: DeviceReply) => void>();

function ask(endpoint: string, photos: readonly Blob[]): Promise<DeviceReply> {
  worker ??= start();
  const id = asked++;
  worker.postMessage({ id, endpoint, photos } satisfies DeviceQuestion);
  return new Promise((resolve) => waiting.set(id, resolve));
}

function start(): Worker {
  const started = new Worker(scoped(source), { type: 'module' });
  const end = (reply: DeviceReply) => {
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  };
  started.onmessage = ({ data }: MessageEvent<DeviceReply>) => end(data);
  // its script is not there
  started.onerror = () => {
    worker = null;
    for (const id of [...waiting.keys()]) end({ id, error: 'The worker did not start.', isMissing: false });
  };
  return started;
}

/** What the model that is kept on this device says; null: none is kept. @throws when it cannot */
export async function answerHere(endpoint: string, photos: readonly Blob[]): Promise<DeviceAnswer | null> {
  const reply = await ask(endpoint, photos);
  if ('answer' in reply) return reply.answer;
  if (reply.isMissing) return null;
  throw new Error(reply.error);
}

/** Opens the kept model, and keeps what runs it. @throws when this device cannot run it */
export async function makeReady(endpoint: string): Promise<void> {
  const reply = await ask(endpoint, []);
  if (!('answer' in reply)) throw new Error(reply.error);
  await keepFiles([scoped(source), reply.runtime]);
}
