import { z } from 'zod';
import { createUser, disableUser, setPassword, setRole } from '../../actions/access/user.ts';
import { nameSchema, type Principal, type User, userSchema } from '../../contracts/access.ts';
import { changeUserSchema, createUserSchema, setRoleSchema } from '../../contracts/api/access.ts';
import { pageQuerySchema, pageSchema } from '../../contracts/api/page.ts';
import { MitateError } from '../../errors/index.ts';
import type { ApiContext } from '../context.ts';
import { pageOf } from '../page.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { actorOf, requireServerAdmin, requires } from '../principal.ts';

const tags = ['access'];
const byName = z.object({ name: nameSchema });

/** An admin sees a person's role in their own project only. */
const inProject = (user: User, project: string): User => {
  const role = user.roles[project];
  return { ...user, roles: role === undefined ? {} : { [project]: role } };
};

export function userRoutes(app: ZodApp, { storeOf }: ApiContext): void {
  app.get(
    '/api/v1/users',
    {
      onRequest: requires('admin'),
      schema: {
        tags,
        summary: 'People with a role in the project',
        querystring: pageQuerySchema,
        response: { 200: pageSchema(userSchema) },
      },
    },
    async (request) => {
      const { query, principal } = request;
      const { project } = principal;
      const users = await storeOf(request).access.listUsers(project);
      return pageOf(
        users.map((user) => inProject(user, project)),
        query,
        ({ name }) => name,
      );
    },
  );

  app.post(
    '/api/v1/users',
    {
      onRequest: requires('admin'),
      config: { audit: null },
      schema: {
        tags,
        summary: 'Add a person, with a role in the project',
        body: createUserSchema,
        response: { 201: userSchema },
      },
    },
    async (request, reply) => {
      const made = await createUser(storeOf(request), request.body, actorOf(request));
      return await reply.code(201).send(made);
    },
  );

  app.put(
    '/api/v1/users/:name/role',
    {
      onRequest: requires('admin'),
      config: { audit: null },
      schema: {
        tags,
        summary: 'Set or take away a role in the project',
        params: byName,
        body: setRoleSchema,
        response: { 200: userSchema },
      },
    },
    async (request) => {
      const changed = await setRole(storeOf(request), request.params.name, request.body.role, actorOf(request));
      return inProject(changed, request.principal.project);
    },
  );

  app.patch(
    '/api/v1/users/:name',
    {
      config: { audit: null },
      schema: {
        tags,
        summary: 'Set a password, one’s own or as admin of the server; disable or enable a person',
        params: byName,
        body: changeUserSchema,
        response: { 200: userSchema },
      },
    },
    async (request) => {
      const { name } = request.params;
      const { password, disabled } = request.body;
      if (disabled !== undefined || !isSelf(request.principal, name)) requireServerAdmin(request.principal);
      const [store, actor] = [storeOf(request), actorOf(request)];
      if (password !== undefined) await setPassword(store, name, password, actor);
      if (disabled !== undefined) await disableUser(store, name, disabled, actor);
      const found = await store.access.findUser(name);
      if (found === null) throw new MitateError('USER_UNKNOWN', { name });
      return inProject(found, request.principal.project);
    },
  );
}

const isSelf = ({ kind, id }: Principal, name: string) => kind === 'user' && id === name;
