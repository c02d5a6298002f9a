import { sha256 } from '../../codecs/digest.ts';
import { recordFrom } from '../../codecs/record-from.ts';
import type { GroupRole, OidcConfig } from '../../config/oidc.ts';
import type { Role, User } from '../../contracts/access.ts';
import { MitateError } from '../../errors/index.ts';
import { OidcProvider, type SignedInPerson } from '../../network/oidc.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { openSession, personActor, type SignedIn, type SignInFrom } from './session.ts';

export const callbackPath = '/api/v1/sessions/oidc/callback';

export function openProvider({ publicUrl, ...client }: OidcConfig): OidcProvider {
  return new OidcProvider({ ...client, redirectUri: `${publicUrl}${callbackPath}` });
}

/**
 * Whom the provider vouches for, with the roles of their groups now. Whoever lost one loses their sessions too.
 * @throws OIDC_NO_ROLE, OIDC_DISABLED
 */
export async function signInPerson(
  store: Pick<OpenStore, 'access' | 'audited'>,
  person: SignedInPerson,
  { map, by, now }: { map: readonly GroupRole[]; by: SignInFrom; now: Date },
): Promise<SignedIn> {
  const { access } = store;
  const projects = (await access.listProjects()).map(({ name }) => name);
  const roles = rolesFrom(map, person.groups, projects);
  const hasRole = Object.keys(roles).length > 0;
  const found = await access.findUserOf(person);
  if (found === null && !hasRole) throw new MitateError('OIDC_NO_ROLE', { issuer: person.issuer });
  const user = await withRoles(store, found ?? (await createPerson(store, person, by)), roles, by);
  if (!hasRole) throw new MitateError('OIDC_NO_ROLE', { issuer: person.issuer });
  if (user.disabledAt !== null) throw new MitateError('OIDC_DISABLED', { user: user.name });
  return await openSession(store, user, by, { how: 'provider', now });
}

/** In each project that there is, of the first entry that the user has the group of. */
function rolesFrom(map: readonly GroupRole[], groups: readonly string[], projects: readonly string[]) {
  const entries = map.filter(({ group, project }) => groups.includes(group) && projects.includes(project));
  // later members of a record win
  return recordFrom(entries.reverse().map(({ project, role }): [string, Role] => [project, role]));
}

async function createPerson(
  { audited }: Pick<OpenStore, 'audited'>,
  { issuer, subject, preferredName }: SignedInPerson,
  by: SignInFrom,
): Promise<User> {
  const name = nameOf({ issuer, subject, preferredName });
  return await audited(({ access }) => access.createUser({ name, issuer, subject }), {
    actor: personActor(name, by),
    action: 'user.create',
    subject: name,
    details: { role: null, provider: issuer },
  });
}

async function withRoles(
  { audited }: Pick<OpenStore, 'audited'>,
  user: User,
  roles: Record<string, Role>,
  by: SignInFrom,
): Promise<User> {
  const { name } = user;
  const names = new Set([...Object.keys(user.roles), ...Object.keys(roles)]);
  if ([...names].every((project) => user.roles[project] === roles[project])) return user;
  return await audited(({ access }) => access.replaceRoles(name, roles), {
    actor: personActor(name, by),
    action: 'user.role',
    subject: name,
    details: { roles, before: user.roles, provider: user.provider },
  });
}

/** Readable, and of one identity: nobody becomes `admin` by calling themselves so at the provider. */
function nameOf({ issuer, subject, preferredName }: Omit<SignedInPerson, 'groups'>): string {
  const readable = (preferredName ?? subject)
    .toLowerCase()
    .replace(/@.*$/, '')
    .replaceAll(/[^a-z0-9]+/g, '-');
  const start = readable.replace(/^-+/, '').slice(0, 40).replace(/-+$/, '') || 'person';
  return `${start}-${sha256(JSON.stringify([issuer, subject])).slice(0, 12)}`;
}
