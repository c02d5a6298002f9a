import { userInfo } from 'node:os';
import { defaultProject } from '../../contracts/access.ts';
import { newKey } from '../../contracts/key-format.ts';
import type { AccessStore } from '../../store/access-store.ts';

/** An admin key for a workspace that nobody could enter; null when it has a key already. */
export async function firstKey(access: AccessStore): Promise<string | null> {
  if ((await access.listKeys()).length > 0) return null;
  const { id, key, hash } = newKey();
  const createdBy = `local:${userInfo().username}`;
  const named = { project: defaultProject, name: 'first-admin', scope: 'admin', expiresAt: null } as const;
  await access.createKey({ ...named, id, hash, createdBy });
  await access.audit({
    project: defaultProject,
    who: createdBy,
    action: 'key.create',
    subject: id,
    details: { name: named.name, scope: named.scope },
    requestId: null,
  });
  return key;
}
