import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncParent } from './sync.ts';

/** Ends the name of a file that is still being written, or whose writer was killed. */
export const temporaryEnding = '.tmp';

/**
 * A file that appears whole or not at all, and survives a power cut: temporary file, sync, rename, sync of the folder. Makes the folder if needed.
 * @param mode permissions, less the umask
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array | Iterable<string | Uint8Array>,
  mode = 0o666,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}${temporaryEnding}`;
  try {
    await using file = await open(temporary, 'w', mode);
    await file.writeFile(content as Iterable<string>);
    await file.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await rename(temporary, path);
  await syncParent(path);
}
