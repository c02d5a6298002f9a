import { randomBytes } from 'node:crypto';
import { sha256 } from '../../codecs/digest.ts';
import type { Role, User } from '../../contracts/access.ts';
import type { Actor } from '../../contracts/actor.ts';
import { MitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { requireName } from './require-name.ts';

type AuditedStore = Pick<OpenStore, 'audited'>;

/** With a role in the store's project, or all of them; by name. */
export async function listUsers(
  { access, project }: Pick<OpenStore, 'access' | 'project'>,
  { isAll = false } = {},
): Promise<User[]> {
  return await access.listUsers(isAll ? undefined : project);
}

/** With a role in the store's project, or none. @throws ACCESS_NAME_INVALID, USER_EXISTS, USER_PASSWORD_WEAK, PROJECT_UNKNOWN */
export async function createUser(
  { audited, project }: Pick<OpenStore, 'audited' | 'project'>,
  { name, password, role }: { name: string; password: string; role?: Role | undefined },
  actor: Actor,
): Promise<User> {
  requireName('person', name);
  const passwordHash = await hashPassword(password);
  return await audited(
    async ({ access }) => {
      const user = await access.createUser({ name, passwordHash });
      return role === undefined ? user : await access.setRole(name, project, role);
    },
    { actor, action: 'user.create', subject: name, details: { role: role ?? null } },
  );
}

/** To an admin of a project, people who have roles in other projects only are unknown. @throws USER_UNKNOWN */
export async function requireOwnUser({ access, project }: Pick<OpenStore, 'access' | 'project'>, name: string) {
  const projects = Object.keys((await access.findUser(name))?.roles ?? {});
  if (projects.length > 0 && !projects.includes(project)) throw new MitateError('USER_UNKNOWN', { name });
}

/** In the store's project; null takes the role away. @throws USER_UNKNOWN, PROJECT_UNKNOWN */
export async function setRole(
  { audited, project }: Pick<OpenStore, 'audited' | 'project'>,
  name: string,
  role: Role | null,
  actor: Actor,
): Promise<User> {
  const entry = { actor, action: 'user.role', subject: name, details: { role } } as const;
  return await audited(({ access }) => access.setRole(name, project, role), entry);
}

/** Ends the user's sessions. @throws USER_UNKNOWN, USER_PASSWORD_WEAK */
export async function setPassword(
  { audited }: AuditedStore,
  name: string,
  password: string,
  actor: Actor,
): Promise<void> {
  const passwordHash = await hashPassword(password);
  const entry = { actor, action: 'user.password', subject: name } as const;
  await audited(({ access }) => access.setPassword(name, passwordHash), entry);
}

/** Disabling also ends the user's sessions. @throws USER_UNKNOWN */
export async function disableUser(
  { audited }: AuditedStore,
  name: string,
  isDisabled: boolean,
  actor: Actor,
): Promise<User> {
  const entry = { actor, action: isDisabled ? 'user.disable' : 'user.enable', subject: name } as const;
  return await audited(({ access }) => access.disableUser(name, isDisabled), entry);
}

/** Sets the password, or disables or enables the user, or both. @throws USER_UNKNOWN, USER_PASSWORD_WEAK */
export async function changeUser(
  store: Pick<OpenStore, 'access' | 'audited'>,
  name: string,
  { password, disabled }: { password?: string | undefined; disabled?: boolean | undefined },
  actor: Actor,
): Promise<User> {
  if (password !== undefined) await setPassword(store, name, password, actor);
  if (disabled !== undefined) return await disableUser(store, name, disabled, actor);
  const found = await store.access.findUser(name);
  if (found === null) throw new MitateError('USER_UNKNOWN', { name });
  return found;
}

export interface SignedIn {
  /** Returned once; the database has its sha256. */
  token: string;
  expiresAt: Date;
  user: User;
}

const sessionMs = 12 * 3_600_000;
let nobody: Promise<string> | undefined;

/** Hash of no password: signing in as an unknown user takes as long as with a wrong password. */
function hashOfNobody(): Promise<string> {
  nobody ??= hashPassword(randomBytes(32).toString('hex'));
  return nobody;
}

/** @param address of the client, with its request's id @throws SIGN_IN_REFUSED, whatever was wrong */
export async function signIn(
  { access, audited }: Pick<OpenStore, 'access' | 'audited'>,
  { name, password }: { name: string; password: string },
  by: Pick<Actor, 'door' | 'address' | 'requestId'>,
  now = new Date(),
): Promise<SignedIn> {
  const found = await access.findUser(name);
  const isRight = await verifyPassword(password, found?.passwordHash ?? (await hashOfNobody()));
  if (found === null || !isRight || found.disabledAt !== null) throw new MitateError('SIGN_IN_REFUSED', {});
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(now.getTime() + sessionMs);
  const actor: Actor = { ...by, kind: 'person', id: name, name: `user:${name}` };
  await audited((within) => within.access.createSession({ hash: sha256(token), user: name, expiresAt }), {
    actor,
    action: 'session.create',
    subject: name,
  });
  const { passwordHash: _, ...user } = found;
  return { token, expiresAt, user };
}

export async function signOut({ audited }: AuditedStore, token: string, actor: Actor): Promise<void> {
  const entry = { actor, action: 'session.end', subject: actor.id } as const;
  await audited(({ access }) => access.endSession(sha256(token)), entry);
}
