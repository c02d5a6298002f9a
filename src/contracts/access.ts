import { z } from 'zod';
import { instantSchema } from './instant.ts';
import { recordOf } from './record-of.ts';

/** Names of projects, endpoints, keys: safe in a path, a header and a shell. */
export const nameSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/,
    'use a-z and 0-9, inside also "-", "_" and ".", at most 64 characters',
  );

export const defaultProject = 'default';

/** Required by routes. */
export const permissions = ['predict', 'read', 'label', 'operate', 'approve', 'admin'] as const;
export type Permission = (typeof permissions)[number];

/** Of an API key. */
export const scopeSchema = z.enum(['predict', 'operate', 'admin']);
export type Scope = z.infer<typeof scopeSchema>;

/** Of a user in a project. */
export const roleSchema = z.enum(['viewer', 'labeller', 'developer', 'approver', 'admin']);
export type Role = z.infer<typeof roleSchema>;

export const scopePermissions: Record<Scope, readonly Permission[]> = {
  predict: ['predict'],
  operate: ['predict', 'read', 'label', 'operate'],
  admin: permissions,
};

export const rolePermissions: Record<Role, readonly Permission[]> = {
  viewer: ['read'],
  labeller: ['read', 'label'],
  developer: ['predict', 'read', 'label', 'operate'],
  approver: ['predict', 'read', 'label', 'approve'],
  admin: permissions,
};

/** The authenticated caller. */
export interface Principal {
  kind: 'key' | 'user' | 'local' | 'anonymous';
  /** Of the key, or the user's name; `local` and `anonymous` for the others. */
  id: string;
  /** For timelines and the audit log: `key:ci`, `user:mika`, `local:mika`. */
  who: string;
  project: string;
  permissions: ReadonlySet<Permission>;
}

/** Whose requests and idempotency keys these are: a user may be named as the id of a key, or `local`. */
export const callerOf = ({ kind, id }: Pick<Principal, 'kind' | 'id'>): string => (kind === 'user' ? `user:${id}` : id);

/** What a place is to the pipelines that are deployed there. */
export const stageSchema = z.enum(['dev', 'test', 'pre-production', 'production']);
export type Stage = z.infer<typeof stageSchema>;

export const projectSchema = z.object({
  name: z.string(),
  description: z.string(),
  createdAt: instantSchema,
  stage: stageSchema
    .nullable()
    .describe('Set on the server with "mitate project stage"; releases for another stage are refused'),
});
export type Project = z.input<typeof projectSchema>;

/** A key without its secret, which is shown only once. */
export const apiKeySchema = z.object({
  id: z.string(),
  project: z.string(),
  name: z.string(),
  scope: scopeSchema,
  createdAt: instantSchema,
  createdBy: z.string(),
  expiresAt: instantSchema.nullable(),
  unusedUntil: instantSchema.nullable().describe('It ends then unless it is used before'),
  lastUsedAt: instantSchema.nullable(),
  revokedAt: instantSchema.nullable(),
});
export type ApiKey = z.input<typeof apiKeySchema>;

/** A sign-in that lasts; without its token. */
export const sessionInfoSchema = z.object({
  id: z.string(),
  createdAt: instantSchema,
  expiresAt: instantSchema,
  lastUsedAt: instantSchema.nullable().describe('Up to some seconds ago'),
  address: z.string().nullable().describe('Of the client that signed in'),
  userAgent: z.string().nullable().describe('Of the client that signed in, at most 200 characters'),
});
export type SessionInfo = z.input<typeof sessionInfoSchema>;

export const userSchema = z.object({
  name: z.string(),
  createdAt: instantSchema,
  disabledAt: instantSchema.nullable(),
  /** By project. */
  roles: recordOf(roleSchema),
  secondFactor: z.boolean().describe('Signing in takes a code of an authenticator app'),
  provider: z
    .string()
    .nullable()
    .describe('Issuer of the identity provider at which the user signs in; null: with a password'),
});
export type User = z.input<typeof userSchema>;
