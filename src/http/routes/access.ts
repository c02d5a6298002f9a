import { createKey, revokeKey } from '../../actions/access/key.ts';
import { createProject } from '../../actions/access/project.ts';
import { createUser, disableUser, setPassword, setRole } from '../../actions/access/user.ts';
import type { Principal, User } from '../../contracts/access.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import { MitateError } from '../../errors/index.ts';
import type { Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { pageBySeq, pageOf } from '../page.ts';
import { requireServerAdmin } from '../principal.ts';

export function accessHandlers({ keys }: ApiContext): Handlers<RouteIn<'keys' | 'users' | 'projects' | 'audit'>> {
  return {
    'keys.list': async ({ store: { access, project }, query }) =>
      pageOf(await access.listKeys(project), query, ({ id }) => id),
    'keys.create': async ({ store, body: { expiresAt, ...wanted }, actor }) =>
      await createKey(store, { ...wanted, expiresAt: expiresAt === null ? null : new Date(expiresAt) }, actor),
    'keys.revoke': async ({ store, params, actor }) => {
      const revoked = await revokeKey(store, params.id, actor);
      keys.forget(revoked.id);
      return revoked;
    },
    'users.list': async ({ store: { access, project }, query }) => {
      const users = await access.listUsers(project);
      return pageOf(
        users.map((user) => inProject(user, project)),
        query,
        ({ name }) => name,
      );
    },
    'users.create': async ({ store, body, actor }) => await createUser(store, body, actor),
    'users.setRole': async ({ store, params, body, actor }) =>
      inProject(await setRole(store, params.name, body.role, actor), store.project),
    'users.change': async ({ store, params: { name }, body: { password, disabled }, actor, principal }) => {
      if (disabled !== undefined || !isSelf(principal, name)) requireServerAdmin(principal);
      if (password !== undefined) await setPassword(store, name, password, actor);
      if (disabled !== undefined) await disableUser(store, name, disabled, actor);
      const found = await store.access.findUser(name);
      if (found === null) throw new MitateError('USER_UNKNOWN', { name });
      return inProject(found, store.project);
    },
    'projects.list': async ({ store: { access, project }, query, principal }) => {
      const all = await access.listProjects();
      const visible = principal.kind === 'local' ? all : all.filter(({ name }) => name === project);
      return pageOf(visible, query, ({ name }) => name);
    },
    'projects.create': async ({ store, body, actor }) => await createProject(store, body, actor),
    'audit.list': async ({ store: { access, project }, query }) =>
      await pageBySeq(query, (page) => access.listAudit({ project, ...page })),
  };
}

/** An admin sees a user's role in their own project only. */
function inProject(user: User, project: string): User {
  const role = user.roles[project];
  return { ...user, roles: role === undefined ? {} : { [project]: role } };
}

const isSelf = ({ kind, id }: Principal, name: string) => kind === 'user' && id === name;
