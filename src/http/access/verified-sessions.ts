import { sha256 } from '../../codecs/digest.ts';
import { type Principal, type Role, rolePermissions, type User } from '../../contracts/access.ts';
import { MitateError } from '../../errors/index.ts';
import type { AccessStore } from '../../store/access/contract.ts';
import { steadyClock } from './steady-clock.ts';

export interface VerifiedSessions extends Disposable {
  /** User of a session token, with their role in the project. @throws ACCESS_KEY_INVALID, SESSION_ENDED, ACCESS_NO_ROLE */
  identify(token: string, project: string): Promise<Principal>;
  /** Whether the token was valid when it was last looked up, or was made by this server. */
  isKnown(token: string): boolean;
  /** After a sign-in: the session is known. */
  remember(token: string): void;
  forget(token: string): void;
  /** After their sessions were ended through this server: they are looked up again. */
  forgetUser(name: string): void;
  /** Stores when sessions were last used. */
  flush(): Promise<void>;
  /** By which sessions end: never goes back. */
  now(): Date;
}

const freshMs = 1_000;
const touchMs = 5_000;
const mostSessions = 10_000;
/** 32 random bytes, base64url. */
const tokenLength = 43;

/** Sessions, cached for a second: one that was ended elsewhere is rejected after that. */
export function verifiedSessions(access: Pick<AccessStore, 'findSession' | 'touchSessions'>): VerifiedSessions {
  const now = steadyClock();
  const known = new Map<string, { user: User; lookedUpAtMs: number; expiresAtMs: number }>();
  /** Hashes of tokens, the oldest first. */
  const valid = new Set<string>();
  const remember = (hash: string) => {
    valid.delete(hash);
    valid.add(hash);
    const [oldest] = valid;
    if (oldest !== undefined && valid.size > mostSessions) valid.delete(oldest);
  };
  const used = new Set<string>();
  const flush = async () => {
    if (used.size === 0) return;
    const batch = [...used];
    used.clear();
    await access.touchSessions(batch, new Date(now())).catch(() => {});
  };
  const timer = setInterval(flush, touchMs).unref();
  const forget = (hash: string) => {
    known.delete(hash);
    valid.delete(hash);
  };
  const find = async (hash: string) => {
    const entry = known.get(hash);
    if (entry && performance.now() - entry.lookedUpAtMs < freshMs && entry.expiresAtMs > now()) return entry;
    known.delete(hash);
    const session = await access.findSession(hash, new Date(now()));
    if (session === null) {
      forget(hash);
      throw new MitateError('SESSION_ENDED', {});
    }
    remember(hash);
    const found = { user: session.user, lookedUpAtMs: performance.now(), expiresAtMs: session.expiresAt.getTime() };
    if (known.size >= mostSessions) known.clear();
    known.set(hash, found);
    return found;
  };
  return {
    async identify(token, project) {
      if (token.length !== tokenLength) throw new MitateError('ACCESS_KEY_INVALID', {});
      const hash = sha256(token);
      const { user } = await find(hash);
      used.add(hash);
      return personIn(user, project);
    },
    isKnown: (token) => valid.has(sha256(token)),
    remember: (token) => remember(sha256(token)),
    forget: (token) => forget(sha256(token)),
    forgetUser: (name) => {
      for (const [hash, { user }] of known) if (user.name === name) known.delete(hash);
    },
    flush,
    now: () => new Date(now()),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** @throws ACCESS_NO_ROLE */
export function personIn(user: User, project: string): Principal {
  const role: Role | undefined = user.roles[project];
  if (role === undefined) throw new MitateError('ACCESS_NO_ROLE', { user: user.name, project });
  const permissions = new Set(rolePermissions[role]);
  return { kind: 'user', id: user.name, who: `user:${user.name}`, project, permissions };
}
