import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** What one part of `prepare` did. `problem` = it failed, and what was there before still stands. */
export interface Prepared {
  changed: boolean;
  problem?: string;
  /** What is missing, although nothing needs it. */
  note?: string;
}

/** Name of the file that says from which content an output was made. */
export const stampName = '.stamp';

/** Every file below the folders (tests and notes left out), as sorted absolute paths. */
export async function sourcesBelow(...folders: string[]): Promise<string[]> {
  const found = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    }),
  );
  return found
    .flat()
    .filter((path) => !/\.test\.ts$|\.md$/.test(path))
    .sort();
}

/** sha256 over the paths (relative to the root) and contents, and any further facts. */
export async function stampOf(root: string, paths: string[], ...facts: string[]): Promise<string> {
  const hash = createHash('sha256');
  const contents = await Promise.all(paths.map((path) => readFile(path)));
  for (const [index, path] of paths.entries()) {
    const bytes = contents[index]!;
    hash.update(`${relative(root, path).split(sep).join('/')}\0${bytes.length}\0`).update(bytes);
  }
  for (const fact of facts) hash.update(`\0${fact}`);
  return hash.digest('hex');
}

/** The stamp that a folder was made with; undefined when it is not there or not whole. */
export async function readStamp(folder: string): Promise<string | undefined> {
  return readFile(join(folder, stampName), 'utf8').catch(() => undefined);
}
