import { userInfo } from 'node:os';
import { createKey, keyEnds } from '../../actions/access/key.ts';
import { dayMs } from '../../codecs/duration.ts';
import { localActor } from '../../contracts/actor.ts';
import type { OpenStore } from '../../store/open-store.ts';

const unusedMs = dayMs;

/** An admin key for a workspace that never had one which was used; else null. It is printed, so it ends unless it is used within a day. */
export async function firstKey(store: OpenStore): Promise<string | null> {
  const keys = await store.access.listKeys();
  if (keys.some((key) => key.unusedUntil === null || key.lastUsedAt !== null || keyEnds(key) > Date.now())) return null;
  const unusedUntil = new Date(Date.now() + unusedMs);
  const named = { name: 'first-admin', scope: 'admin', expiresAt: null, unusedUntil } as const;
  const { key } = await createKey(store, named, localActor(userInfo().username));
  return key;
}
