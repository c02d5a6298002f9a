import type { Role, User } from '../../contracts/access.ts';
import type { Actor } from '../../contracts/actor.ts';
import { MitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { hashPassword } from './password.ts';
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

/** Ends the user's sessions. @throws USER_UNKNOWN, USER_OF_PROVIDER, USER_PASSWORD_WEAK */
export async function setPassword(
  { access, audited }: Pick<OpenStore, 'access' | 'audited'>,
  name: string,
  password: string,
  actor: Actor,
): Promise<void> {
  await requireLocalUser(access, name);
  const passwordHash = await hashPassword(password);
  const entry = { actor, action: 'user.password', subject: name } as const;
  await audited(({ access }) => access.setPassword(name, passwordHash), entry);
}

/** Who signs in at a provider has neither password nor second factor here: they would outlast the account there. @throws USER_OF_PROVIDER */
export async function requireLocalUser(access: Pick<OpenStore['access'], 'findUser'>, name: string): Promise<void> {
  const provider = (await access.findUser(name))?.provider ?? null;
  if (provider !== null) throw new MitateError('USER_OF_PROVIDER', { name, provider });
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

/** Sets the password, or disables or enables the user, or both. @throws USER_UNKNOWN, USER_OF_PROVIDER, USER_PASSWORD_WEAK */
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
