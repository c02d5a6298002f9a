import { randomBytes } from 'node:crypto';
import type { Scope } from '../contracts/access.ts';
import { sha256 } from '../contracts/digest.ts';
import { MitateError } from '../errors/index.ts';
import type { AccessStore, ApiKey } from '../store/access-store.ts';
import { requireName } from './require-name.ts';

export interface CreatedKey {
  /** `mk_<id>_<secret>`: told once, kept nowhere. */
  key: string;
  info: ApiKey;
}

/** Of the secret part of a key; 256 random bits need no slow hash. Lower-case hex. */
export const hashKey = (secret: string): string => sha256(secret);

/** @throws ACCESS_NAME_INVALID, PROJECT_UNKNOWN, KEY_EXPIRY_PAST */
export async function createKey(
  access: AccessStore,
  key: { project: string; name: string; scope: Scope; expiresAt: Date | null; createdBy: string },
): Promise<CreatedKey> {
  requireName('key', key.name);
  if (key.expiresAt !== null && key.expiresAt <= new Date())
    throw new MitateError('KEY_EXPIRY_PAST', { expiresAt: key.expiresAt.toISOString() });
  const id = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const info = await access.createKey({ ...key, id, hash: hashKey(secret) });
  return { key: `mk_${id}_${secret}`, info };
}

/** By id, or by name when only one live key has it; answers nobody from now on. @throws KEY_UNKNOWN */
export async function revokeKey(access: AccessStore, project: string, idOrName: string): Promise<ApiKey> {
  const keys = await access.listKeys(project);
  const named = keys.filter(({ name, revokedAt }) => name === idOrName && revokedAt === null);
  const id = named.length === 1 ? named[0]!.id : idOrName;
  const revoked = await access.revokeKey(id, project);
  if (revoked === null) throw new MitateError('KEY_UNKNOWN', { project, key: idOrName });
  return revoked;
}
