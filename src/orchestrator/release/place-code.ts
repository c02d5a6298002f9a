import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Code, codeDigest } from './collect-code.ts';
import { manifestName, manifestOf } from './manifest.ts';

/** Writes a release's files to `<folder>/<code digest>/`, unless it exists; all of them or none. @returns the pipeline file's path */
export async function placeCode(folder: string, code: Code): Promise<string> {
  const target = join(folder, codeDigest(code));
  if (!existsSync(target)) await write(folder, target, code);
  return join(target, code.entry);
}

async function write(folder: string, target: string, { entry, files }: Code): Promise<void> {
  await mkdir(folder, { recursive: true });
  const staged = await mkdtemp(join(folder, '.new-'));
  try {
    for (const { path, content } of files) {
      const file = join(staged, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content, { flag: 'wx' });
    }
    // without a mark a parent folder would count as the project's, and the digest would differ
    const mark = join(staged, manifestName);
    if (!existsSync(mark)) await writeFile(mark, manifestOf({ entry }));
    await rename(staged, target);
  } catch (error) {
    // another process may have placed it meanwhile
    if (!existsSync(target)) throw error;
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}
