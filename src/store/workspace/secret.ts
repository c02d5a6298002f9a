import { randomBytes, randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MitateError } from '../../errors/index.ts';
import { fileError } from './file-error.ts';

/** 32 random bytes per workspace and name, in a file with mode 0600; created on first use. */
export async function workspaceSecret(workspaceDir: string, name: string): Promise<Uint8Array> {
  const path = pathOf(workspaceDir, name);
  const there = await readSecret(path);
  if (there) return there;
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, randomBytes(32).toString('hex'), { mode: 0o600 });
    // fails when another process was first; then its secret is used
    await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } catch (error) {
    throw fileError(error, path);
  } finally {
    await rm(temporary, { force: true });
  }
  return (await readSecret(path))!;
}

/** Null = the workspace has none yet. */
export function existingSecret(workspaceDir: string, name: string): Promise<Uint8Array | null> {
  return readSecret(pathOf(workspaceDir, name));
}

const pathOf = (workspaceDir: string, name: string) => join(workspaceDir, `${name}.secret`);

async function readSecret(path: string): Promise<Uint8Array | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw fileError(error, path);
  });
  if (text === null) return null;
  if (/^[0-9a-f]{64}$/.test(text.trim())) return Buffer.from(text.trim(), 'hex');
  throw new MitateError('WORKSPACE_SECRET_DAMAGED', { path });
}
