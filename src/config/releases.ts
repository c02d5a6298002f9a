import { nameSchema } from '../contracts/access.ts';
import { releaseSecretName, shortestReleaseSecret as shortest } from '../contracts/secret.ts';
import { MitateError } from '../errors/index.ts';
import type { ConfigSources } from './sources.ts';

export interface ReleaseHooks {
  /** HMAC secret of projects without their own; null = only projects with their own. Never printed. */
  readonly secret: string | null;
  /** Secrets by project; the common secret is not accepted for them. */
  readonly projects: Readonly<Record<string, string>>;
  readonly branches: readonly string[];
  /** Their workflows' tokens are verified; empty = none: what a sender says of itself stays a claim. */
  readonly repositories: readonly string[];
  /** Of those tokens. */
  readonly issuer: string;
}

const github = 'https://token.actions.githubusercontent.com';

/**
 * `MITATE_RELEASE_SECRET` and `MITATE_RELEASE_SECRETS` (`project=secret`, separated by commas).
 * `MITATE_RELEASE_BRANCHES` and `MITATE_RELEASE_REPOSITORIES` (`owner/name`), separated by commas. `MITATE_RELEASE_ISSUER`, else GitHub.
 */
export function resolveReleaseHooks({ env }: Pick<ConfigSources, 'env'>): ReleaseHooks {
  const secret = env[releaseSecretName] || null;
  const projects = Object.fromEntries(listed(env.MITATE_RELEASE_SECRETS).map(projectSecret));
  if (secret !== null) requireLong(releaseSecretName, secret);
  return {
    secret,
    projects,
    branches: listed(env.MITATE_RELEASE_BRANCHES || 'main'),
    repositories: listed(env.MITATE_RELEASE_REPOSITORIES).map(repository),
    issuer: issuerOf(env.MITATE_RELEASE_ISSUER || github),
  };
}

/** Null = the project accepts no releases. */
export function secretOf({ secret, projects }: ReleaseHooks, project: string): string | null {
  return (Object.hasOwn(projects, project) ? projects[project] : undefined) ?? secret;
}

const listed = (text = '') => text.split(',').flatMap((each) => each.trim() || []);

function repository(name: string): string {
  if (/^[\w.-]+\/[\w.-]+$/.test(name)) return name;
  throw new MitateError('CONFIG_INVALID', {
    setting: 'MITATE_RELEASE_REPOSITORIES',
    expected: 'owner/name, separated by commas',
  });
}

/** Whoever answers for it decides what is verified: http on this machine only. */
function issuerOf(url: string): string {
  if (URL.canParse(url) && /^https:|^http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/.test(`${url}/`)) return url;
  throw new MitateError('CONFIG_INVALID', { setting: 'MITATE_RELEASE_ISSUER', expected: 'an https URL' });
}

/** The error names the entry, never its content. */
function projectSecret(entry: string, i: number): [string, string] {
  const [project = '', ...rest] = entry.split('=');
  const setting = `entry ${i + 1} of MITATE_RELEASE_SECRETS`;
  if (rest.length === 0 || !nameSchema.safeParse(project).success)
    throw new MitateError('CONFIG_INVALID', { setting, expected: 'project=secret, separated by commas' });
  const secret = rest.join('=');
  requireLong(setting, secret);
  return [project, secret];
}

function requireLong(setting: string, secret: string): void {
  if (secret.length >= shortest) return;
  const expected = `at least ${shortest} characters, for example from "openssl rand -hex 32"`;
  throw new MitateError('CONFIG_INVALID', { setting, expected });
}
