import { z } from 'zod';
import { dayMs, durationMs, durationSchema } from '../../codecs/duration.ts';
import { apiKeySchema, nameSchema, permissions, roleSchema, scopeSchema, userSchema } from '../access.ts';
import { givenInstantSchema, instantSchema } from '../instant.ts';
import { pageQuerySchema } from './page.ts';

export const createProjectSchema = z.strictObject({ name: nameSchema, description: z.string().max(500).default('') });

export const createKeySchema = z.strictObject({
  name: nameSchema,
  scope: scopeSchema,
  expiresAt: givenInstantSchema.nullable().default(null),
});

export const rotateKeySchema = z.strictObject({
  overlap: durationSchema
    .refine((text) => durationMs(text)! <= 365 * dayMs, 'must be at most 365d')
    .default('7d')
    .describe('How long the old key is accepted, at most'),
});

/** The key is shown only here. */
export const createdKeySchema = z.object({ key: z.string(), info: apiKeySchema });
export const rotatedKeySchema = createdKeySchema.extend({ replaced: apiKeySchema });

/** Of an authenticator app. */
const codeSchema = z.string().max(16);

export const totpSchema = z.object({
  secret: z.string().describe('Base32; shown only here'),
  uri: z.string().describe('For the QR code of an authenticator app'),
});
export const totpCodeSchema = z.strictObject({ code: codeSchema });
export const disableTotpSchema = z.strictObject({ code: codeSchema.optional() });

const passwordSchema = z.string().max(256);

export const createUserSchema = z.strictObject({
  name: nameSchema,
  password: passwordSchema,
  role: roleSchema.optional(),
});

export const changeUserSchema = z.strictObject({
  password: passwordSchema.optional(),
  disabled: z.boolean().optional(),
});

/** In the project of the request; null takes the role away. */
export const setRoleSchema = z.strictObject({ role: roleSchema.nullable() });

export const signInSchema = z.strictObject({
  name: z.string().max(64),
  password: passwordSchema,
  code: codeSchema.optional(),
});

export const signInOptionsSchema = z.object({
  provider: z.boolean().describe('There is an identity provider: GET /api/v1/sessions/oidc'),
  open: z.boolean().describe('Nobody needs to sign in: the server runs with --no-auth'),
});
export const signInWithKeySchema = z.strictObject({ key: z.string().min(1).max(256) });
export const signInByLinkSchema = z.strictObject({ token: z.string().min(1).max(64) });

/** Where the browser goes after a sign-in at the provider. */
export const beginOidcSchema = z.strictObject({
  returnTo: z
    .string()
    .max(1_024)
    .regex(/^\/(?![/\\])[^\\\s]*$/, 'use a path of this server, such as /app')
    .default('/')
    .describe('Path of this server to go to afterwards'),
});

/** What the provider adds is checked by the handler. */
export const oidcCallbackSchema = z.looseObject({
  code: z.string().optional(),
  state: z.string().optional(),
  error: z.string().optional(),
});

export const endedSessionsSchema = z.object({ ended: z.number().int() });

export const whoamiSchema = z.object({
  kind: z.enum(['key', 'user', 'local', 'anonymous']),
  who: z.string(),
  project: z.string(),
  permissions: z.array(z.enum(permissions)),
  projects: z.array(z.string()).describe('Those that the caller may choose with the header X-Mitate-Project'),
  endpoints: z
    .array(z.string())
    .describe('Those that answer, at most 100: of a caller who may predict but not read, and so cannot list them'),
});

/** Of the console, per person or key. */
export const preferencesSchema = z.strictObject({
  language: z.enum(['en', 'ja']).nullable().default(null).describe('null: as the browser has it'),
  theme: z.enum(['light', 'dark']).nullable().default(null).describe('null: as the system has it'),
  shortcuts: z.boolean().default(true).describe('Single-key shortcuts'),
});

/** Of a key, or of the owner of the workspace: the token is only in the cookie. */
export const browserSessionSchema = z.object({ expiresAt: instantSchema });

/** Also set as a cookie that scripts cannot read. */
export const sessionSchema = z.object({ token: z.string(), expiresAt: instantSchema, user: userSchema });

export const auditQuerySchema = pageQuerySchema.extend({
  who: z.string().max(160).optional().describe('As entries have it: `user:mika`, `key:ci`'),
  action: z
    .string()
    .regex(/^[a-z.-]{1,64}$/)
    .optional()
    .describe('One action (`key.rotate`), or all of a resource (`key`)'),
});
