import { z } from 'zod';
import { apiKeySchema, nameSchema, projectSchema, userSchema } from '../../access.ts';
import { auditEntrySchema } from '../../audit.ts';
import {
  changeUserSchema,
  createdKeySchema,
  createKeySchema,
  createProjectSchema,
  createUserSchema,
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
    needs: ['admin'],
    query: pageQuerySchema,
    answer: pageSchema(apiKeySchema),
  },
  'keys.create': {
    summary: 'Create an API key; it is shown only once',
    needs: ['admin'],
    body: createKeySchema,
    status: 201,
    answer: createdKeySchema,
    errors: ['KEY_EXPIRY_PAST', 'KEY_NAME_TAKEN'],
  },
  'keys.revoke': {
    summary: 'Revoke an API key',
    needs: ['admin'],
    params: z.object({
      id: z.string().max(64).describe('Its id, or a name: all active keys of that name; the newest is returned'),
    }),
    answer: apiKeySchema,
    errors: ['KEY_UNKNOWN'],
  },
  'users.list': {
    summary: 'List users with a role in the project',
    needs: ['admin'],
    query: pageQuerySchema,
    answer: pageSchema(userSchema),
  },
  'users.create': {
    summary: 'Create a user, optionally with a role in the project',
    needs: ['admin'],
    body: createUserSchema,
    status: 201,
    answer: userSchema,
    errors: ['USER_EXISTS', 'USER_PASSWORD_WEAK'],
  },
  'users.change': {
    summary: 'Change your password; as a server admin, change any password, or disable or enable a user',
    params: byName,
    body: changeUserSchema,
    answer: userSchema,
    errors: ['USER_UNKNOWN', 'USER_PASSWORD_WEAK'],
  },
  'users.setRole': {
    summary: 'Set or remove the role of a user in the project',
    needs: ['admin'],
    params: byName,
    body: setRoleSchema,
    answer: userSchema,
    errors: ['USER_UNKNOWN'],
  },
  'sessions.signIn': {
    summary: 'Sign in; the token is also set as an HttpOnly cookie',
    isOpen: true,
    body: signInSchema,
    // checking a password takes a quarter of a second of one core
    limitPerMinute: 10,
    status: 201,
    answer: sessionSchema,
    errors: ['SIGN_IN_REFUSED'],
  },
  'sessions.signOut': { summary: 'Sign out', status: 204, answer: z.null() },
  'me.get': { summary: 'Get the caller and its permissions', answer: whoamiSchema },
  'projects.list': {
    summary: 'List the projects the caller may see',
    needs: ['admin'],
    query: pageQuerySchema,
    answer: pageSchema(projectSchema),
  },
  'projects.create': {
    summary: 'Create a project',
    needs: ['server-admin'],
    body: createProjectSchema,
    status: 201,
    answer: projectSchema,
    errors: ['PROJECT_EXISTS'],
  },
  'audit.list': {
    summary: 'List changes in the project, newest first',
    needs: ['admin'],
    query: pageQuerySchema,
    answer: pageSchema(auditEntrySchema),
  },
} satisfies Routes<RouteIn<'keys' | 'users' | 'sessions' | 'me' | 'projects' | 'audit'>>;
