import { MitateError } from '../../errors/index.ts';
import { askOnce } from '../../processes/ask-once.ts';
import { childEntry } from '../../processes/child-entry.ts';
import { Semaphore } from '../../processes/semaphore.ts';
import type { PhotoTask } from './photo-process.ts';

const entry = childEntry('./photo-process.ts', import.meta.url);
/** A million photos are indexed in about a minute; on a network drive in several. */
const timeoutMs = 600_000;
const fewAtATime = new Semaphore(2, 100);

/** Work on a data set that would block a server, or takes native modules. @throws SERVER_BUSY, PHOTOS_PROCESS_DIED, and as the work */
export function askPhotoProcess<Answer>(task: PhotoTask): Promise<Answer> {
  const died = ({ reason }: { reason: string }) => new MitateError('PHOTOS_PROCESS_DIED', { reason });
  return fewAtATime.run(() => askOnce<PhotoTask, Answer>(entry, task, { timeoutMs, died }));
}
