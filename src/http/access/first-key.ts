import { userInfo } from 'node:os';
import { createKey } from '../../actions/access/key.ts';
import { defaultProject } from '../../contracts/access.ts';
import type { AccessStore } from '../../store/access/contract.ts';

/** An admin key for a workspace that nobody could enter; null when it has a key already. */
export async function firstKey(access: AccessStore): Promise<string | null> {
  if ((await access.listKeys()).length > 0) return null;
  const createdBy = `local:${userInfo().username}`;
  const named = { project: defaultProject, name: 'first-admin', scope: 'admin', expiresAt: null } as const;
  const { key, info } = await createKey(access, { ...named, createdBy });
  await access.audit({
    project: defaultProject,
    who: createdBy,
    action: 'key.create',
    subject: info.id,
    details: { name: named.name, scope: named.scope },
    requestId: null,
  });
  return key;
}
