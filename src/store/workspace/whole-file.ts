import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncParent, syncPath } from '../../files/sync.ts';
import { fileError } from './file-error.ts';

/** A file that a writer of its own fills piece by piece, and that appears by rename. @throws DISK_FULL, WORKSPACE_READ_ONLY */
export async function writeWholeFile(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await write(temporary);
    await syncPath(temporary, false);
    await rename(temporary, path);
    await syncParent(path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw fileError(error, path);
  }
}
