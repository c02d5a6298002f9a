import { randomBytes } from 'node:crypto';
import { sha256 } from '../../codecs/digest.ts';
import type { SessionInfo, User } from '../../contracts/access.ts';
import type { Actor } from '../../contracts/actor.ts';
import { MitateError } from '../../errors/index.ts';
import type { AccessStore } from '../../store/access/contract.ts';
import type { OpenStore } from '../../store/open-store.ts';

export interface OpenedSession {
  /** Returned once; the database has its sha256. */
  token: string;
  expiresAt: Date;
}

export interface SignedIn extends OpenedSession {
  user: User;
}

/** The client that signs in, with its request's id. */
export interface SignInFrom extends Pick<Actor, 'door' | 'address' | 'requestId'> {
  userAgent?: string | undefined;
}

const sessionMs = 12 * 3_600_000;
const longestUserAgent = 200;

/** @param how in the audit row @param prove in the same transaction: throws if the session may not be */
export async function openSession(
  store: Pick<OpenStore, 'audited'>,
  user: User,
  { userAgent, ...by }: SignInFrom,
  { how, now, prove }: { how: 'password' | 'provider'; now: Date; prove?: (access: AccessStore) => Promise<void> },
): Promise<SignedIn> {
  const { name } = user;
  const of = { user: name, keyId: null, userAgent };
  return { ...(await createSession(store, of, personActor(name, by), { how, now, prove })), user };
}

/** Of a browser that sent a key: it may what the key may, and ends with it. Of the owner of the workspace without one: everything, everywhere. */
export async function openKeySession(
  store: Pick<OpenStore, 'audited'>,
  keyId: string | null,
  { userAgent, ...actor }: Actor & { userAgent?: string | undefined },
  now: Date,
): Promise<OpenedSession> {
  const how = keyId === null ? 'link' : 'key';
  return await createSession(store, { user: null, keyId, userAgent }, actor, { how, now });
}

async function createSession(
  { audited }: Pick<OpenStore, 'audited'>,
  { userAgent, ...of }: { user: string | null; keyId: string | null; userAgent: string | undefined },
  actor: Actor,
  { how, now, prove }: { how: string; now: Date; prove?: ((access: AccessStore) => Promise<void>) | undefined },
): Promise<OpenedSession> {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(now.getTime() + sessionMs);
  const session = {
    ...of,
    hash: sha256(token),
    expiresAt,
    address: actor.address ?? null,
    userAgent: userAgent?.slice(0, longestUserAgent) ?? null,
  };
  const change = async ({ access }: { access: AccessStore }) => {
    await prove?.(access);
    await access.createSession(session);
  };
  await audited(change, { actor, action: 'session.create', subject: actor.id, details: { how } });
  return { token, expiresAt };
}

/** A user who signs in. */
export function personActor(name: string, { door, address, requestId }: SignInFrom): Actor {
  return {
    kind: 'person',
    id: name,
    name: `user:${name}`,
    door,
    ...(address !== undefined && { address }),
    ...(requestId !== undefined && { requestId }),
  };
}

export async function signOut({ audited }: Pick<OpenStore, 'audited'>, token: string, actor: Actor): Promise<void> {
  const entry = { actor, action: 'session.end', subject: actor.id } as const;
  await audited(({ access }) => access.endSession(sha256(token)), entry);
}

/** Of a user, newest first. @throws USER_UNKNOWN */
export async function listSessions(
  { access }: Pick<OpenStore, 'access'>,
  name: string,
  now = new Date(),
): Promise<SessionInfo[]> {
  if ((await access.findUser(name)) === null) throw new MitateError('USER_UNKNOWN', { name });
  return await access.listSessions(name, now);
}

/** One session of a user, or all without an id. @returns how many ended @throws USER_UNKNOWN, SESSION_UNKNOWN */
export async function endSessions(
  { access, audited }: Pick<OpenStore, 'access' | 'audited'>,
  name: string,
  id: string | undefined,
  actor: Actor,
): Promise<number> {
  if ((await access.findUser(name)) === null) throw new MitateError('USER_UNKNOWN', { name });
  return await audited(
    async (within) => {
      const ended = await within.access.endSessions(name, id);
      if (id !== undefined && ended === 0) throw new MitateError('SESSION_UNKNOWN', { name, id });
      return ended;
    },
    (ended) => ({ actor, action: 'session.end', subject: name, details: { id: id ?? 'all', ended } }),
  );
}
