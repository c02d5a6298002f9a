import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalPosition } from '../../contracts/request-record.ts';
import { fileError } from '../../store/workspace/file-error.ts';
import { readSegment } from './read-segment.ts';
import { isBefore, listSegments, readPosition } from './segments.ts';

export interface JournalState {
  /** Records that the database does not have yet. */
  behind: number;
  /** Of the oldest of them. */
  behindSince: Date | null;
  /** Places where records or photos were lost to damage, among those that the database does not have yet. */
  damaged: number;
  /** Bytes of `refused.jsonl`: records that the database refused. */
  refusedBytes: number;
}

/**
 * Reads a journal beside the server that writes it, one segment in memory at a time.
 * @param positionOf how far the database is with the journal of this id
 * @returns null when no server has written here yet
 * @throws FILE_UNREADABLE, WORKSPACE_READ_ONLY
 */
export async function inspectJournal(
  dir: string,
  positionOf: (id: string) => Promise<JournalPosition | null>,
): Promise<JournalState | null> {
  const identity = join(dir, 'journal.json');
  if (!existsSync(identity)) return null;
  try {
    const { id } = JSON.parse(await readFile(identity, 'utf8')) as { id: string };
    const refusedBytes = (await stat(join(dir, 'refused.jsonl')).catch(() => null))?.size ?? 0;
    const [stored, durable] = [await positionOf(id), await readPosition(dir)];
    // segments before the durable position are deleted as the server goes on
    const from = stored !== null && isBefore(durable, stored) ? stored : durable;
    return { ...(await recordsAfter(dir, from)), refusedBytes };
  } catch (error) {
    throw fileError(error, dir);
  }
}

async function recordsAfter(dir: string, from: JournalPosition): Promise<Omit<JournalState, 'refusedBytes'>> {
  let [behind, damaged, oldest] = [0, 0, null as string | null];
  for (const { number, path } of await listSegments(dir)) {
    if (number < from.segment) continue;
    const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
      // drained and deleted since it was listed
      if (error.code === 'ENOENT') return Buffer.alloc(0);
      throw error;
    });
    const entries = readSegment(bytes, number === from.segment ? from.offset : 0, ({ kind }) => {
      // a write in progress looks torn
      if (kind === 'lost' || kind === 'image-lost') damaged++;
    });
    for (const { json } of entries ?? []) {
      oldest ??= json;
      behind++;
    }
  }
  const { loggingTime } = oldest === null ? {} : (JSON.parse(oldest) as { loggingTime?: string });
  return { behind, damaged, behindSince: loggingTime === undefined ? null : new Date(loggingTime) };
}
