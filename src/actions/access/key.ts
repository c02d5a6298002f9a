import { newKey } from '../../codecs/key-format.ts';
import type { Scope } from '../../contracts/access.ts';
import { MitateError } from '../../errors/index.ts';
import type { AccessStore, ApiKey } from '../../store/access/contract.ts';
import { requireName } from './require-name.ts';

export interface CreatedKey {
  /** `mk_<id>_<secret>`: told once, kept nowhere. */
  key: string;
  info: ApiKey;
}

/** @throws ACCESS_NAME_INVALID, PROJECT_UNKNOWN, KEY_EXPIRY_PAST */
export async function createKey(
  access: AccessStore,
  key: { project: string; name: string; scope: Scope; expiresAt: Date | null; createdBy: string },
): Promise<CreatedKey> {
  requireName('key', key.name);
  if (key.expiresAt !== null && key.expiresAt <= new Date())
    throw new MitateError('KEY_EXPIRY_PAST', { expiresAt: key.expiresAt.toISOString() });
  const { id, key: told, hash } = newKey();
  return { key: told, info: await access.createKey({ ...key, id, hash }) };
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
