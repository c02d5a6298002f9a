import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SecretKeys } from '../../contracts/secret.ts';
import { MitateError } from '../../errors/index.ts';
import { writeWhole } from '../../files/write-whole.ts';
import { fileError } from '../workspace/file-error.ts';

/** The keys that secrets are sealed with: of the environment, else of `secret.key` in the workspace. Changes need the lock of the table. */
export interface KeyRing {
  /** The first one seals; the others open what was sealed before a change of the key. */
  keys(): Promise<Uint8Array[]>;
  /** The key that seals, made on first use. */
  sealing(): Promise<Uint8Array>;
  /** The key to seal everything anew with; the older ones stay until `keep`. */
  renewed(): Promise<Uint8Array>;
  /** Forgets keys of the file. */
  keep(isUsed: (key: Uint8Array) => boolean): Promise<void>;
}

/** `secret.key`: keys in base64, a line each. Only while they are changed it has more than one. */
export function keyRing(workspaceDir: string, { current, previous }: SecretKeys): KeyRing {
  const path = join(workspaceDir, 'secret.key');
  const ofEnvironment = [current, previous].filter((key) => key !== null);
  const keys = async () => (current ? [current] : []).concat(await readKeys(path), previous ?? []);

  async function make(): Promise<Uint8Array> {
    const key = randomBytes(32);
    await writeKeys(path, [key, ...(await readKeys(path))]);
    return key;
  }

  return {
    keys,
    sealing: async () => current ?? (await readKeys(path))[0] ?? (await make()),
    renewed: async () => current ?? (await make()),
    async keep(isUsed) {
      const all = await readKeys(path);
      const isKept = (key: Uint8Array, i: number) =>
        (i === 0 && current === null) || (isUsed(key) && !ofEnvironment.some((each) => Buffer.from(key).equals(each)));
      const kept = all.filter(isKept);
      if (kept.length < all.length) await writeKeys(path, kept);
    },
  };
}

async function writeKeys(path: string, keys: readonly Uint8Array[]): Promise<void> {
  try {
    if (keys.length === 0) await rm(path);
    else await writeWhole(path, keys.map((key) => `${Buffer.from(key).toString('base64')}\n`).join(''), 0o600);
  } catch (error) {
    throw fileError(error, path);
  }
}

async function readKeys(path: string): Promise<Uint8Array[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw fileError(error, path);
  });
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const key = Buffer.from(line.trim(), 'base64');
      if (key.length !== 32) throw new MitateError('SECRET_KEY_DAMAGED', { path });
      return key;
    });
}
