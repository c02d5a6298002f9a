import { open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** fsync of one file or folder. Windows cannot open folders: there the rename is journalled by NTFS. */
export async function syncPath(path: string, isFolder: boolean): Promise<void> {
  if (isFolder && process.platform === 'win32') return;
  const handle = await open(path, isFolder ? 'r' : 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** fsync of a folder and of everything below, side by side, so that the file system writes its journal once. */
export async function syncTree(dir: string): Promise<void> {
  const entries = await readdir(dir, { withFileTypes: true });
  const below = entries.map((entry) => {
    const path = join(dir, entry.name);
    return entry.isDirectory() ? syncTree(path) : syncPath(path, false);
  });
  await Promise.all([...below, syncPath(dir, true)]);
}

export const syncParent = (path: string) => syncPath(dirname(path), true);
