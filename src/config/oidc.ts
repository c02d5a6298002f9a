import { nameSchema, type Role, roleSchema } from '../contracts/access.ts';
import { MitateError } from '../errors/index.ts';
import type { ConfigSources } from './sources.ts';

/** Sign-in at an identity provider: OpenID Connect. */
export interface OidcConfig {
  readonly issuer: string;
  readonly clientId: string;
  /** Null: a public client. Never printed. */
  readonly clientSecret: string | null;
  readonly groupsClaim: string;
  /** In each project the first entry with a group of the user counts. */
  readonly roles: readonly GroupRole[];
  /** Origin under which browsers reach this server. */
  readonly publicUrl: string;
}

export interface GroupRole {
  group: string;
  project: string;
  role: Role;
}

/**
 * `MITATE_OIDC_ISSUER` (null without it), `MITATE_OIDC_CLIENT_ID`, `MITATE_OIDC_CLIENT_SECRET`, `MITATE_OIDC_GROUPS_CLAIM` (default `groups`),
 * `MITATE_OIDC_ROLES` (`group=project:role`, separated by commas), `MITATE_PUBLIC_URL`.
 */
export function resolveOidc({ env }: Pick<ConfigSources, 'env'>): OidcConfig | null {
  if (!env.MITATE_OIDC_ISSUER) return null;
  const issuer = safeUrl('MITATE_OIDC_ISSUER', env.MITATE_OIDC_ISSUER);
  if (issuer.search || issuer.hash || issuer.username)
    throw invalid('MITATE_OIDC_ISSUER', 'a URL without query and user');
  const publicUrl = safeUrl('MITATE_PUBLIC_URL', env.MITATE_PUBLIC_URL);
  if (publicUrl.href !== `${publicUrl.origin}/`)
    throw invalid('MITATE_PUBLIC_URL', 'scheme, host and port only, such as https://mitate.example');
  const clientId = env.MITATE_OIDC_CLIENT_ID;
  if (!clientId) throw invalid('MITATE_OIDC_CLIENT_ID', 'the id that the provider gave this server');
  return Object.freeze({
    // as the provider writes it: a slash at the end belongs to it
    issuer: env.MITATE_OIDC_ISSUER,
    clientId,
    clientSecret: env.MITATE_OIDC_CLIENT_SECRET || null,
    groupsClaim: env.MITATE_OIDC_GROUPS_CLAIM || 'groups',
    roles: rolesOf(env.MITATE_OIDC_ROLES),
    publicUrl: publicUrl.origin,
  });
}

/** Codes and tokens go over it. */
function safeUrl(setting: string, text = ''): URL {
  const url = URL.parse(text);
  const isHere = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isHere)) return url;
  throw invalid(setting, 'an https URL, or http on this machine');
}

function rolesOf(text = ''): GroupRole[] {
  const entries = text.split(',').flatMap((entry) => entry.trim() || []);
  if (entries.length === 0) throw invalid('MITATE_OIDC_ROLES', 'at least one group=project:role');
  return entries.map((entry) => {
    const [, group = '', project = '', role] = /^(.+)=([^=:]+):(\w+)$/.exec(entry) ?? [];
    const { data } = roleSchema.safeParse(role);
    if (data !== undefined && nameSchema.safeParse(project).success) return { group, project, role: data };
    const roles = roleSchema.options.join(', ');
    throw invalid(
      'MITATE_OIDC_ROLES',
      `group=project:role, separated by commas, with a role of ${roles}; got "${entry}"`,
    );
  });
}

const invalid = (setting: string, expected: string) => new MitateError('CONFIG_INVALID', { setting, expected });
