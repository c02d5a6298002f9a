import { askOnce } from '../../processes/ask-once.ts';
import { childEntry } from '../../processes/child-entry.ts';
import { Semaphore } from '../../processes/semaphore.ts';
import type { GridRequest } from './grid-process.ts';

const entry = childEntry('./grid-process.ts', import.meta.url);
/** A hanging process, on a network drive perhaps, would block all later ones. */
const timeoutMs = 120_000;
const oneAtATime = new Semaphore(1, 20);

/** `photoGrid` in a child process, one at a time, since a server decodes no photos. @returns PNG bytes */
export function drawGrid(request: GridRequest): Promise<Uint8Array> {
  const died = ({ reason }: { reason: string }) => new Error(`the photo grid process ended: ${reason}`);
  return oneAtATime.run(() => askOnce(entry, request, { timeoutMs, died }));
}
