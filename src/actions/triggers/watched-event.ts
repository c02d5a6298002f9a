import type { EventKey } from '../../contracts/loop/event-key.ts';
import type { FolderMemory, StoredTrigger } from '../../contracts/loop/trigger.ts';
import { toMitateError } from '../../errors/index.ts';
import { folderEvent, lookedAt, remember, type WatchedFile } from '../../feedback/triggers/new-data.ts';
import type { TriggerEvent } from '../../feedback/triggers/trigger-event.ts';
import type { TriggerStore } from '../../store/triggers/contract.ts';
import { readWatchedFolder } from './watched-folder.ts';

export interface OpenEvent extends TriggerEvent {
  /** What is to be remembered once it fired. */
  fired?: () => Promise<void>;
}

type Watched = Pick<StoredTrigger, 'name' | 'memory'>;

/** What came into the watched folder or bucket. Why it cannot be looked at is remembered, for who asks. @throws what `readWatchedFolder` throws */
export async function watchedEvent(
  triggers: TriggerStore,
  { name, memory }: Watched,
  { folder, minPhotos }: { folder: string; minPhotos: number },
  now: Date,
): Promise<OpenEvent[]> {
  const files = await look(triggers, { name, memory }, folder, now);
  const known = memory ?? remember([]);
  const event = folderEvent({ folder, minPhotos }, known, files);
  const seen = () => triggers.rememberFolder(name, remember(files));
  if (event === null) {
    const looked = lookedAt(known, files);
    // another worker may have fired since this trigger was read: what it remembered stands
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

/** By a process that died before it remembered what was seen. */
async function hasFired(triggers: TriggerStore, trigger: string, occasion: EventKey): Promise<boolean> {
  const [before] = await triggers.listFirings({ trigger, occasion, state: 'fired', limit: 1 });
  return before !== undefined;
}

async function look(
  triggers: TriggerStore,
  { name, memory }: Watched,
  folder: string,
  now: Date,
): Promise<WatchedFile[]> {
  try {
    return await readWatchedFolder(name, folder);
  } catch (error) {
    const { code, message } = toMitateError(error);
    const noted: FolderMemory = { ...(memory ?? remember([])), problem: { code, message, since: now.toISOString() } };
    if (memory?.problem?.message !== message) await triggers.rememberFolder(name, noted, memory);
    throw error;
  }
}
