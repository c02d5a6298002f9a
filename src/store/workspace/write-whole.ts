import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { syncParent } from '../artifacts/sync.ts';

/** A file that appears whole or not at all, and survives a power cut: temporary file, sync, rename, sync of the folder. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await using file = await open(temporary, 'w', 0o600);
    await file.writeFile(content);
    await file.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await rename(temporary, path);
  await syncParent(path);
}
