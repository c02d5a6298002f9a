import { listAudit } from '../../actions/access/audit.ts';
import { createKey, listKeys, revokeKeys, rotateKey } from '../../actions/access/key.ts';
import { createProject, listProjects } from '../../actions/access/project.ts';
import { endSessions, listSessions } from '../../actions/access/session.ts';
import { changeUser, createUser, listUsers, requireOwnUser, setRole } from '../../actions/access/user.ts';
import { durationMs } from '../../codecs/duration.ts';
import type { Principal, User } from '../../contracts/access.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import type { Call, Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { pageBySeq, pageOf } from '../page.ts';
import { isSelf, isServerAdmin, requireServerAdmin } from '../principal.ts';
import type { SecondFactorRoute } from './second-factor.ts';

type AccessRoute = Exclude<RouteIn<'keys' | 'users' | 'projects' | 'audit'>, SecondFactorRoute>;

export function accessHandlers({ keys, sessions }: ApiContext): Handlers<AccessRoute> {
  const end = async ({ store, actor }: Pick<Call<unknown>, 'store' | 'actor'>, name: string, id?: string) => {
    const ended = await endSessions(store, name, id, actor);
    sessions.forgetUser(name);
    return { ended };
  };
  return {
    'keys.list': async ({ store, query }) => pageOf(await listKeys(store), query, ({ id }) => id),
    'keys.create': async ({ store, body: { expiresAt, ...wanted }, actor }) =>
      await createKey(store, { ...wanted, expiresAt: expiresAt === null ? null : new Date(expiresAt) }, actor),
    'keys.revoke': async ({ store, params, actor }) => {
      const revoked = await revokeKeys(store, params.id, actor);
      for (const { id } of revoked) keys.forget(id);
      return revoked[0];
    },
    'keys.rotate': async ({ store, params, body, actor, now }) =>
      await rotateKey(store, params.id, { overlapMs: durationMs(body.overlap)!, actor, now }),
    'users.list': async ({ store, query }) => {
      const users = (await listUsers(store)).map((user) => inProject(user, store.project));
      return pageOf(users, query, ({ name }) => name);
    },
    'users.create': async ({ store, body, actor }) => await createUser(store, body, actor),
    'users.setRole': async ({ store, params, body, actor, principal }) => {
      if (!isServerAdmin(principal)) await requireOwnUser(store, params.name);
      return inProject(await setRole(store, params.name, body.role, actor), store.project);
    },
    'users.change': async ({ store, params: { name }, body, actor, principal }) => {
      if (body.disabled !== undefined) requireServerAdmin(principal);
      requireSelfOrServerAdmin(principal, name);
      return inProject(await changeUser(store, name, body, actor), store.project);
    },
    'users.sessions': async ({ store, params: { name }, query, principal }) => {
      requireSelfOrServerAdmin(principal, name);
      return pageOf(await listSessions(store, name, sessions.now()), query, ({ id }) => id);
    },
    'users.endSessions': async ({ params: { name }, principal, ...call }) => {
      requireSelfOrServerAdmin(principal, name);
      return await end(call, name);
    },
    'users.endSession': async ({ params: { name, id }, principal, ...call }) => {
      requireSelfOrServerAdmin(principal, name);
      return await end(call, name, id);
    },
    'projects.list': async ({ store, query, principal }) => {
      const all = await listProjects(store);
      const visible = principal.kind === 'local' ? all : all.filter(({ name }) => name === store.project);
      return pageOf(visible, query, ({ name }) => name);
    },
    'projects.create': async ({ store, body, actor }) => await createProject(store, body, actor),
    'audit.list': async ({ store, query }) =>
      await pageBySeq(query, (page) => listAudit(store, { who: query.who, action: query.action, ...page })),
  };
}

/** An admin sees a user's role in their own project only. */
function inProject(user: User, project: string): User {
  const role = user.roles[project];
  return { ...user, roles: role === undefined ? {} : { [project]: role } };
}

function requireSelfOrServerAdmin(principal: Principal, name: string): void {
  if (!isSelf(principal, name)) requireServerAdmin(principal);
}
