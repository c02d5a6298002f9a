import { newKey } from '../../codecs/key-format.ts';
import type { ApiKey, Scope } from '../../contracts/access.ts';
import type { Actor } from '../../contracts/actor.ts';
import { MitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { requireName } from './require-name.ts';

export interface CreatedKey {
  /** `mk_<id>_<secret>`: told once, kept nowhere. */
  key: string;
  info: ApiKey;
}

/** Of the store's project, newest first. */
export async function listKeys({ access, project }: Pick<OpenStore, 'access' | 'project'>): Promise<ApiKey[]> {
  return await access.listKeys(project);
}

/** @throws ACCESS_NAME_INVALID, PROJECT_UNKNOWN, KEY_EXPIRY_PAST */
export async function createKey(
  { audited, project }: Pick<OpenStore, 'audited' | 'project'>,
  { name, scope, expiresAt }: { name: string; scope: Scope; expiresAt: Date | null },
  actor: Actor,
): Promise<CreatedKey> {
  requireName('key', name);
  if (expiresAt !== null && expiresAt <= new Date())
    throw new MitateError('KEY_EXPIRY_PAST', { expiresAt: expiresAt.toISOString() });
  const { id, key, hash } = newKey();
  const info = await audited(
    ({ access }) => access.createKey({ project, name, scope, expiresAt, createdBy: actor.name, id, hash }),
    { actor, action: 'key.create', subject: id, details: { name, scope, expiresAt } },
  );
  return { key, info };
}

/** By id, or by name when only one live key has it; answers nobody from now on. @throws KEY_UNKNOWN */
export async function revokeKey(
  { audited, project }: Pick<OpenStore, 'audited' | 'project'>,
  idOrName: string,
  actor: Actor,
): Promise<ApiKey> {
  return await audited(
    async ({ access }) => {
      const keys = await access.listKeys(project);
      const [named, another] = keys.filter(({ name, revokedAt }) => name === idOrName && revokedAt === null);
      const revoked = await access.revokeKey(named && !another ? named.id : idOrName, project);
      if (revoked === null) throw new MitateError('KEY_UNKNOWN', { project, key: idOrName });
      return revoked;
    },
    ({ id, name }) => ({ actor, action: 'key.revoke', subject: id, details: { name } }),
  );
}
