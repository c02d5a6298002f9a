import { z } from 'zod';
import { apiKeySchema, nameSchema, projectSchema, userSchema } from '../../access.ts';
import { auditEntrySchema } from '../../audit.ts';
import {
  changeUserSchema,
  createdKeySchema,
  createKeySchema,
  createProjectSchema,
  createUserSchema,
  rotatedKeySchema,
  rotateKeySchema,
  sessionSchema,
  setRoleSchema,
  signInSchema,
  whoamiSchema,
} from '../access.ts';
import { pageQuerySchema, pageSchema } from '../page.ts';
import type { RouteIn, Routes } from '../route.ts';

const byName = z.object({ name: nameSchema });

export const accessRoutes = {
  'keys.list': {
    summary: 'List API keys, newest first',
    description: 'Name, scope, expiry and last use; never the key.',
    needs: ['admin'],
    query: pageQuerySchema,
    answer: pageSchema(apiKeySchema),
  },
  'keys.create': {
    summary: 'Create an API key; it is shown only once',
    description: 'Store it when you get it: only a hash is kept.',
    needs: ['admin'],
    body: createKeySchema,
    status: 201,
    answer: createdKeySchema,
    errors: ['KEY_EXPIRY_PAST', 'KEY_NAME_TAKEN'],
  },
  'keys.revoke': {
    summary: 'Revoke an API key',
    description: 'It is refused from the next request on.',
    needs: ['admin'],
    params: z.object({
      id: z.string().max(64).describe('Its id, or a name: all active keys of that name; the newest is returned'),
    }),
    answer: apiKeySchema,
    errors: ['KEY_UNKNOWN'],
  },
  'keys.rotate': {
    summary: 'Replace an API key by a new one; the old one is accepted for the overlap',
    description: 'Same name, scope and validity. The key is shown only here.',
    needs: ['admin'],
    params: z.object({ id: z.string().max(64).describe('Its id or name') }),
    body: rotateKeySchema.default({ overlap: '7d' }),
    status: 201,
    answer: rotatedKeySchema,
    errors: ['KEY_UNKNOWN'],
  },
  'users.list': {
    summary: 'List users with a role in the project',
    description: 'With their role in the project of the request.',
    needs: ['admin'],
    query: pageQuerySchema,
    answer: pageSchema(userSchema),
  },
  'users.create': {
    summary: 'Create a user, optionally with a role in the project',
    description: 'Users sign in with name and password, and have one role per project.',
    needs: ['admin'],
    body: createUserSchema,
    status: 201,
    answer: userSchema,
    errors: ['USER_EXISTS', 'USER_PASSWORD_WEAK'],
  },
  'users.change': {
    summary: 'Change your password; as a server admin, change any password, or disable or enable a user',
    description: 'A new password, and disabling, end the sessions of the user.',
    params: byName,
    body: changeUserSchema,
    answer: userSchema,
    errors: ['USER_UNKNOWN', 'USER_PASSWORD_WEAK'],
  },
  'users.setRole': {
    summary: 'Set or remove the role of a user in the project',
    description: '`null` removes the user from the project.',
    needs: ['admin'],
    params: byName,
    body: setRoleSchema,
    answer: userSchema,
    errors: ['USER_UNKNOWN'],
  },
  'sessions.signIn': {
    summary: 'Sign in; the token is also set as an HttpOnly cookie',
    description: 'For browsers and scripts of people; services use keys. A session lasts 12 hours.',
    isOpen: true,
    body: signInSchema,
    // checking a password takes a quarter of a second of one core
    limitPerMinute: 10,
    status: 201,
    answer: sessionSchema,
    errors: ['SIGN_IN_REFUSED', 'SIGN_IN_BUSY'],
  },
  'sessions.signOut': {
    summary: 'Sign out',
    description: 'The token is refused from then on.',
    status: 204,
    answer: z.null(),
  },
  'me.get': {
    summary: 'Get the caller and its permissions',
    description: 'For a client that shows only what its user may do.',
    answer: whoamiSchema,
  },
  'projects.list': {
    summary: 'List the projects the caller may see',
    description: 'A key or a user sees the project of the request; commands on the machine of the server see all.',
    needs: ['admin'],
    query: pageQuerySchema,
    answer: pageSchema(projectSchema),
  },
  'projects.create': {
    summary: 'Create a project',
    description:
      'A project has its own data, endpoints, keys and roles. Select it with the header `X-Mitate-Project`; a key belongs to one project.',
    needs: ['server-admin'],
    body: createProjectSchema,
    status: 201,
    answer: projectSchema,
    errors: ['PROJECT_EXISTS'],
  },
  'audit.list': {
    summary: 'List changes in the project, newest first',
    description: 'Who changed what, when, from where and why; from the command line as well as over HTTP.',
    needs: ['admin'],
    query: pageQuerySchema,
    answer: pageSchema(auditEntrySchema),
  },
} satisfies Routes<RouteIn<'keys' | 'users' | 'sessions' | 'me' | 'projects' | 'audit'>>;
