import type { EventKey } from '../../contracts/loop/event-key.ts';
import type { FolderMemory, StoredTrigger } from '../../contracts/loop/trigger.ts';
import { toMitateError } from '../../errors/index.ts';
import { folderEvent, memoryOf, type WatchedFile, withDigest } from '../../feedback/triggers/new-data.ts';
import type { TriggerEvent } from '../../feedback/triggers/trigger-event.ts';
import type { TriggerStore } from '../../store/triggers/contract.ts';
import { readWatchedFolder } from './watched-folder.ts';

type Watching = Pick<TriggerStore, 'listFirings' | 'rememberFolder'>;

export interface OpenEvent extends TriggerEvent {
  /** Stores the new memory after it fired. */
  fired?: () => Promise<void>;
}

type Watched = Pick<StoredTrigger, 'name' | 'memory'>;

/** New photos in the watched folder or bucket. A failure to read it is stored, for `trigger show`. @throws as `readWatchedFolder` */
export async function watchedEvent(
  triggers: Watching,
  { name, memory }: Watched,
  { folder, minPhotos }: { folder: string; minPhotos: number },
  now: Date,
): Promise<OpenEvent[]> {
  const files = await look(triggers, { name, memory }, folder, now);
  const known = memory ?? memoryOf([]);
  const event = folderEvent({ folder, minPhotos }, known, files);
  const seen = () => triggers.rememberFolder(name, memoryOf(files));
  if (event === null) {
    const looked = withDigest(known, files);
    // compare-and-set: another worker may have fired since this trigger was read
    if (looked.digest !== known.digest || known.problem) await triggers.rememberFolder(name, looked, memory);
    return [];
  }
  if (await hasFired(triggers, name, event.key)) {
    await seen();
    return [];
  }
  const held = await triggers.listFirings({ trigger: name, state: 'held', kind: 'folder', limit: 10_000 });
  return [{ ...event, covers: held.map((firing) => firing.occasion), fired: seen }];
}

/** True when a process fired and died before it stored the memory. */
async function hasFired(triggers: Watching, trigger: string, occasion: EventKey): Promise<boolean> {
  const [before] = await triggers.listFirings({ trigger, occasion, state: 'fired', limit: 1 });
  return before !== undefined;
}

async function look(triggers: Watching, { name, memory }: Watched, folder: string, now: Date): Promise<WatchedFile[]> {
  try {
    return await readWatchedFolder(name, folder);
  } catch (error) {
    const { code, message } = toMitateError(error);
    const failed: FolderMemory = { ...(memory ?? memoryOf([])), problem: { code, message, since: now.toISOString() } };
    if (memory?.problem?.message !== message) await triggers.rememberFolder(name, failed, memory);
    throw error;
  }
}
