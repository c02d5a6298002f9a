import { z } from 'zod';
import { createUser, setPassword } from '../../actions/access/user.ts';
import { nameSchema, type Principal } from '../../contracts/access.ts';
import { changeUserSchema, createUserSchema, setRoleSchema, userSchema } from '../../contracts/api/access.ts';
import { pageQuerySchema, pageSchema } from '../../contracts/api/page.ts';
import { MitateError } from '../../errors/index.ts';
import type { User } from '../../store/access/contract.ts';
import type { ApiContext } from '../context.ts';
import { pageOf } from '../page.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { requireServerAdmin, requires } from '../principal.ts';

const tags = ['access'];
const byName = z.object({ name: nameSchema });

/** An admin sees a person's role in their own project only. */
const inProject = (user: User, project: string): User => {
  const role = user.roles[project];
  return { ...user, roles: role === undefined ? {} : { [project]: role } };
};

export function userRoutes(app: ZodApp, { store: { access } }: ApiContext): void {
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
    async ({ principal: { project }, query }) => {
      const users = await access.listUsers(project);
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
      config: { audit: 'user.create' },
      schema: {
        tags,
        summary: 'Add a person, with a role in the project',
        body: createUserSchema,
        response: { 201: userSchema },
      },
    },
    async (request, reply) => {
      const { name, password, role } = request.body;
      const { project } = request.principal;
      const made = await createUser(access, { name, password, role: role && { project, role } });
      request.changed = { subject: name, details: { role: role ?? null } };
      return await reply.code(201).send(made);
    },
  );

  app.put(
    '/api/v1/users/:name/role',
    {
      onRequest: requires('admin'),
      config: { audit: 'user.role' },
      schema: {
        tags,
        summary: 'Set or take away a role in the project',
        params: byName,
        body: setRoleSchema,
        response: { 200: userSchema },
      },
    },
    async (request) => {
      const { role } = request.body;
      const { project } = request.principal;
      request.changed = { details: { role } };
      return inProject(await access.setRole(request.params.name, project, role), project);
    },
  );

  app.patch(
    '/api/v1/users/:name',
    {
      config: { audit: 'user.change' },
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
      if (password !== undefined) await setPassword(access, name, password);
      if (disabled !== undefined) await access.disableUser(name, disabled);
      request.changed = { details: { password: password !== undefined, ...(disabled !== undefined && { disabled }) } };
      const found = await access.findUser(name);
      if (found === null) throw new MitateError('USER_UNKNOWN', { name });
      return inProject(found, request.principal.project);
    },
  );
}

const isSelf = ({ kind, id }: Principal, name: string) => kind === 'user' && id === name;
