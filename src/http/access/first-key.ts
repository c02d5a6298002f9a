import { userInfo } from 'node:os';
import { createKey } from '../../actions/access/key.ts';
import { localActor } from '../../contracts/actor.ts';
import type { OpenStore } from '../../store/open-store.ts';

/** An admin key for a workspace without any; else null. */
export async function firstKey(store: OpenStore): Promise<string | null> {
  if ((await store.access.listKeys()).length > 0) return null;
  const named = { name: 'first-admin', scope: 'admin', expiresAt: null } as const;
  const { key } = await createKey(store, named, localActor(userInfo().username));
  return key;
}
