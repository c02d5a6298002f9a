import { z } from 'zod';
import {
  apiKeySchema,
  nameSchema,
  permissions,
  type projectSchema,
  roleSchema,
  scopeSchema,
  userSchema,
} from '../access.ts';
import type { auditEntrySchema } from '../audit.ts';
import { instantSchema } from '../instant.ts';

export type ApiProject = z.output<typeof projectSchema>;

export const createProjectSchema = z.strictObject({ name: nameSchema, description: z.string().max(500).default('') });
export type CreateProject = z.input<typeof createProjectSchema>;

export type ApiKeyInfo = z.output<typeof apiKeySchema>;

export const createKeySchema = z.strictObject({
  name: nameSchema,
  scope: scopeSchema,
  expiresAt: z.iso.datetime().nullable().default(null),
});
export type CreateKey = z.input<typeof createKeySchema>;

/** The only time that the key is told. */
export const createdKeySchema = z.object({ key: z.string(), info: apiKeySchema });
export type CreatedKey = z.output<typeof createdKeySchema>;

export type ApiUser = z.output<typeof userSchema>;

const passwordSchema = z.string().max(256);

export const createUserSchema = z.strictObject({
  name: nameSchema,
  password: passwordSchema,
  role: roleSchema.optional(),
});
export type CreateUser = z.input<typeof createUserSchema>;

export const changeUserSchema = z.strictObject({
  password: passwordSchema.optional(),
  disabled: z.boolean().optional(),
});
export type ChangeUser = z.input<typeof changeUserSchema>;

/** In the project of the request; null takes the role away. */
export const setRoleSchema = z.strictObject({ role: roleSchema.nullable() });

export const signInSchema = z.strictObject({ name: z.string().max(64), password: passwordSchema });

export const whoamiSchema = z.object({
  kind: z.enum(['key', 'user', 'local', 'anonymous']),
  who: z.string(),
  project: z.string(),
  permissions: z.array(z.enum(permissions)),
});
export type Whoami = z.output<typeof whoamiSchema>;

/** Also set as a cookie that scripts cannot read. */
export const sessionSchema = z.object({ token: z.string(), expiresAt: instantSchema, user: userSchema });
export type ApiSession = z.output<typeof sessionSchema>;

export type ApiAuditEntry = z.output<typeof auditEntrySchema>;
