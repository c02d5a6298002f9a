import { randomBytes } from 'node:crypto';
import { sha256 } from '../../codecs/digest.ts';
import type { Role } from '../../contracts/access.ts';
import { MitateError } from '../../errors/index.ts';
import type { AccessStore, User } from '../../store/access/contract.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { requireName } from './require-name.ts';

/** @throws ACCESS_NAME_INVALID, USER_EXISTS, USER_PASSWORD_WEAK, PROJECT_UNKNOWN */
export async function createUser(
  access: AccessStore,
  { name, password, role }: { name: string; password: string; role?: { project: string; role: Role } | undefined },
): Promise<User> {
  requireName('person', name);
  if (role !== undefined) await requireProject(access, role.project);
  const user = await access.createUser({ name, passwordHash: await hashPassword(password) });
  return role === undefined ? user : await access.setRole(name, role.project, role.role);
}

/** Before the person is made, who would stay without the role. */
async function requireProject(access: AccessStore, project: string): Promise<void> {
  const projects = await access.listProjects();
  if (!projects.some(({ name }) => name === project)) throw new MitateError('PROJECT_UNKNOWN', { name: project });
}

/** Ends the person's sessions. @throws USER_UNKNOWN, USER_PASSWORD_WEAK */
export async function setPassword(access: AccessStore, name: string, password: string): Promise<void> {
  await access.setPassword(name, await hashPassword(password));
}

export interface SignedIn {
  /** Told once; the database has its sha256. */
  token: string;
  expiresAt: Date;
  user: User;
}

const sessionMs = 12 * 3_600_000;
let nobody: Promise<string> | undefined;

/** Of nobody: signing in as someone who does not exist takes as long as with a wrong password. */
function hashOfNobody(): Promise<string> {
  nobody ??= hashPassword(randomBytes(32).toString('hex'));
  return nobody;
}

/** @throws SIGN_IN_REFUSED without saying what was wrong */
export async function signIn(access: AccessStore, name: string, password: string): Promise<SignedIn> {
  const found = await access.findUser(name);
  const isRight = await verifyPassword(password, found?.passwordHash ?? (await hashOfNobody()));
  if (found === null || !isRight || found.disabledAt !== null) throw new MitateError('SIGN_IN_REFUSED', {});
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(Date.now() + sessionMs);
  await access.createSession({ hash: sha256(token), user: name, expiresAt });
  const { passwordHash: _, ...user } = found;
  return { token, expiresAt, user };
}
