import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MitateError } from '../../errors/index.ts';
import { syncParent, syncTree } from '../../files/sync.ts';
import { fileError } from '../workspace/file-error.ts';
import { readTree } from './tree-digest.ts';

/**
 * Copies an artifact's folder atomically. Reuses what a killed copy left if its digest is right, else replaces it.
 * @throws ARTIFACT_MISSING, ARTIFACT_DIGEST_MISMATCH, DISK_FULL
 */
export async function copyTree(from: string, to: string, digest: string): Promise<void> {
  if (!existsSync(from)) throw new MitateError('ARTIFACT_MISSING', { uri: from });
  try {
    if (existsSync(to)) {
      if ((await readTree(to)).digest === digest) return;
      await rm(to, { recursive: true });
    }
    await place(from, to, digest);
  } catch (error) {
    throw fileError(error, to);
  }
}

async function place(from: string, to: string, digest: string): Promise<void> {
  const temporary = join(dirname(to), `.${basename(to)}.new`);
  await rm(temporary, { recursive: true, force: true });
  await mkdir(dirname(to), { recursive: true });
  await cp(from, temporary, { recursive: true });
  const got = (await readTree(temporary)).digest;
  if (got !== digest) throw new MitateError('ARTIFACT_DIGEST_MISMATCH', { uri: from, expected: digest, got });
  await syncTree(temporary);
  await rename(temporary, to);
  await syncParent(to);
}
