import { keyEnds } from '../../actions/access/key.ts';
import { sha256 } from '../../codecs/digest.ts';
import {
  defaultProject,
  permissions as everything,
  type Principal,
  type Role,
  rolePermissions,
  scopePermissions,
  type User,
} from '../../contracts/access.ts';
import { MitateError } from '../../errors/index.ts';
import type { AccessStore, SessionOf } from '../../store/access/contract.ts';
import { steadyClock } from './steady-clock.ts';

export interface VerifiedSessions extends Disposable {
  /**
   * Who holds a session token: a user with their role in the project, a key, or the owner of the workspace.
   * @param from `isHere`: this machine; the owner's session is of no use elsewhere
   * @throws ACCESS_KEY_INVALID, SESSION_ENDED, ACCESS_NO_ROLE
   */
  identify(token: string, project: string | undefined, from: { isHere: boolean }): Promise<Principal>;
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
  const known = new Map<string, { of: SessionOf; lookedUpAtMs: number; expiresAtMs: number }>();
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
    const { of } = session;
    const ends = Math.min(session.expiresAt.getTime(), of.kind === 'key' ? keyEnds(of.key) : Number.POSITIVE_INFINITY);
    if (ends <= now()) throw new MitateError('SESSION_ENDED', {});
    const found = { of, lookedUpAtMs: performance.now(), expiresAtMs: ends };
    if (known.size >= mostSessions) known.clear();
    known.set(hash, found);
    return found;
  };
  return {
    async identify(token, project, { isHere }) {
      if (token.length !== tokenLength) throw new MitateError('ACCESS_KEY_INVALID', {});
      const hash = sha256(token);
      const { of } = await find(hash);
      if (of.kind === 'local' && !isHere) throw new MitateError('SESSION_ENDED', {});
      used.add(hash);
      return principalOf(of, project);
    },
    isKnown: (token) => valid.has(sha256(token)),
    remember: (token) => remember(sha256(token)),
    forget: (token) => forget(sha256(token)),
    forgetUser: (name) => {
      for (const [hash, { of }] of known) if (of.kind === 'user' && of.user.name === name) known.delete(hash);
    },
    flush,
    now: () => new Date(now()),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

function principalOf(of: SessionOf, project: string | undefined): Principal {
  if (of.kind === 'user') return personIn(of.user, project ?? defaultProject);
  if (of.kind === 'local') {
    const permissions = new Set(everything);
    return { kind: 'local', id: 'local', who: 'local', project: project ?? defaultProject, permissions };
  }
  const { id, name, scope, project: own } = of.key;
  if (project !== undefined && project !== own)
    throw new MitateError('ACCESS_NO_ROLE', { user: `key:${name}`, project });
  return { kind: 'key', id, who: `key:${name}`, project: own, permissions: new Set(scopePermissions[scope]) };
}

/** @throws ACCESS_NO_ROLE */
export function personIn(user: User, project: string): Principal {
  const role: Role | undefined = user.roles[project];
  if (role === undefined) throw new MitateError('ACCESS_NO_ROLE', { user: user.name, project });
  const permissions = new Set(rolePermissions[role]);
  return { kind: 'user', id: user.name, who: `user:${user.name}`, project, permissions };
}
