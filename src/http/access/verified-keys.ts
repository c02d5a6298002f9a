import { timingSafeEqual } from 'node:crypto';
import { keyEnds } from '../../actions/access/key.ts';
import { readKey } from '../../codecs/key-format.ts';
import { type ApiKey, type Principal, scopePermissions } from '../../contracts/access.ts';
import { MitateError } from '../../errors/index.ts';
import type { AccessStore } from '../../store/access/contract.ts';
import { steadyClock } from './steady-clock.ts';

interface VerifiedKey {
  hash: Buffer;
  principal: Principal;
  /** Milliseconds since 1970; Infinity = never. */
  expiresAtMs: number;
}

export interface VerifiedKeys extends Disposable {
  /** Principal of a cached key; null = not cached. @throws ACCESS_KEY_INVALID, ACCESS_KEY_EXPIRED */
  recall(key: string): Principal | null;
  /** Reads the key from the database and caches it. @throws as `recall` */
  lookUp(key: string): Promise<Principal>;
  /** After a revocation through this server: the key is rejected at once. */
  forget(id: string): void;
  /** Stores when keys were last used. */
  flush(): Promise<void>;
}

const refreshMs = 500;
/** How long cached keys are accepted without the database: predictions survive its restart. */
export const unreachableMs = 60_000;
const touchMs = 5_000;

/**
 * API keys, all in memory: a request costs one sha256 and one look-up, not a query, and strangers cannot make a valid key wait for one. A key made or
 * revoked elsewhere is known after the next refresh.
 */
export function verifiedKeys(access: Pick<AccessStore, 'findKey' | 'listLiveKeys' | 'touchKeys'>): VerifiedKeys {
  const now = steadyClock();
  let known = new Map<string, VerifiedKey>();
  /** Revoked through this server, perhaps while a refresh was reading. */
  const forgotten = new Set<string>();
  const used = new Set<string>();
  let refreshedAtMs = performance.now();
  let isRefreshing = false;

  const accept = (key: VerifiedKey, id: string, hash: Buffer): Principal => {
    if (!timingSafeEqual(key.hash, hash)) throw new MitateError('ACCESS_KEY_INVALID', {});
    if (key.expiresAtMs <= now()) throw new MitateError('ACCESS_KEY_EXPIRED', { id });
    used.add(id);
    return key.principal;
  };
  const lookUp = async (key: string): Promise<Principal> => {
    const { id, hash } = parse(key);
    const found = await access.findKey(id);
    if (found === null || found.revokedAt !== null) throw new MitateError('ACCESS_KEY_INVALID', {});
    const verified = verifiedKey(found, found.hash);
    const principal = accept(verified, id, hash);
    known.set(id, verified);
    return principal;
  };
  const refresh = async () => {
    if (isRefreshing) return;
    isRefreshing = true;
    try {
      const live = (await access.listLiveKeys()).filter(({ id }) => !forgotten.has(id));
      known = new Map(live.map((key) => [key.id, verifiedKey(key, key.hash)]));
      refreshedAtMs = performance.now();
    } catch {
      if (performance.now() - refreshedAtMs > unreachableMs) known.clear();
    } finally {
      isRefreshing = false;
    }
  };
  const flush = async () => {
    if (used.size === 0) return;
    const at = new Date();
    const batch = [...used].map((id) => ({ id, at }));
    used.clear();
    await access.touchKeys(batch).catch(() => {});
  };
  void refresh();
  const timers = [setInterval(refresh, refreshMs).unref(), setInterval(flush, touchMs).unref()];
  return {
    recall(key) {
      const { id, hash } = parse(key);
      const verified = known.get(id);
      return verified ? accept(verified, id, hash) : null;
    },
    lookUp,
    forget: (id) => {
      known.delete(id);
      forgotten.add(id);
    },
    flush,
    [Symbol.dispose]: () => timers.forEach(clearInterval),
  };
}

function parse(key: string): { id: string; hash: Buffer } {
  const parts = readKey(key);
  if (parts === null) throw new MitateError('ACCESS_KEY_INVALID', {});
  return { id: parts.id, hash: Buffer.from(parts.hash, 'hex') };
}

function verifiedKey(key: ApiKey, hash: string): VerifiedKey {
  const { id, name, project, scope } = key;
  return {
    hash: Buffer.from(hash, 'hex'),
    principal: { kind: 'key', id, who: `key:${name}`, project, permissions: new Set(scopePermissions[scope]) },
    expiresAtMs: keyEnds(key),
  };
}
