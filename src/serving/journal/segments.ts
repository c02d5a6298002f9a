import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalPosition } from '../../contracts/request-record.ts';
import { writeWhole } from '../../files/write-whole.ts';

export interface SegmentFile {
  number: number;
  path: string;
  bytes: number;
}

/** Segments of a journal folder, oldest first. */
export async function listSegments(dir: string): Promise<SegmentFile[]> {
  const names = (await readdir(dir)).filter((name) => /^\d{12}\.journal$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(dir, name);
      return { number: Number.parseInt(name, 10), path, bytes: (await stat(path)).size };
    }),
  );
}

const positionFile = 'position.json';

/** Up to here the database has everything on disk; the start of the journal when the file is missing or damaged. */
export async function readPosition(dir: string): Promise<JournalPosition> {
  try {
    const { segment, offset } = JSON.parse(await readFile(join(dir, positionFile), 'utf8')) as JournalPosition;
    if (Number.isSafeInteger(segment) && Number.isSafeInteger(offset)) return { segment, offset };
  } catch {
    // Replay is idempotent.
  }
  return { segment: 0, offset: 0 };
}

export function writePosition(dir: string, { segment, offset }: JournalPosition): Promise<void> {
  return writeWhole(join(dir, positionFile), JSON.stringify({ segment, offset }), 0o600);
}

export function isBefore(a: JournalPosition, b: JournalPosition): boolean {
  return a.segment < b.segment || (a.segment === b.segment && a.offset < b.offset);
}
