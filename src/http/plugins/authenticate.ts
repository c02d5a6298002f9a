import { timingSafeEqual } from 'node:crypto';
import { parseCookie } from 'cookie';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { defaultProject, nameSchema, type Principal, permissions } from '../../contracts/access.ts';
import { isMitateError, MitateError } from '../../errors/index.ts';
import { FailureLimit } from '../access/failure-limit.ts';
import { networkOf } from '../access/network-of.ts';
import { sessionCookie } from '../access/session-cookie.ts';
import type { VerifiedKeys } from '../access/verified-keys.ts';
import type { VerifiedSessions } from '../access/verified-sessions.ts';
import { isThisMachine } from './this-machine-only.ts';

/** `open`: everyone, as `local`; only for a server that other machines cannot reach. */
export type AccessMode = 'keys' | 'open';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route needs neither key nor session. */
    isOpen?: boolean;
  }
}

export interface AuthenticateOptions {
  mode: AccessMode;
  /** Sent by commands on this machine (`server.json`, readable by the workspace's owner): all permissions in every project. */
  localToken: string;
  keys: VerifiedKeys;
  sessions: VerifiedSessions;
}

/** Sets `request.principal`: a key, a user, `local` with --no-auth, or `anonymous`. */
export function authenticate(app: FastifyInstance, { mode, localToken, keys, sessions }: AuthenticateOptions): void {
  // unknown keys and sessions, each of which costs a query; those that are known are never counted, nor refused
  const failures = new FailureLimit({ max: 120, windowS: 60 });
  app.decorateRequest('principal', null as unknown as Principal);
  app.addHook('onRequest', (request, _reply, done) => {
    const key = keyOf(request);
    // no promise in the usual case
    const principal = mode === 'open' ? localPrincipal(request) : recall(request, key);
    if (principal) {
      request.principal = principal;
      return done();
    }
    identify(request, key as string).then(
      (found) => {
        request.principal = found;
        done();
      },
      (error) => done(error),
    );
  });

  const recall = (request: FastifyRequest, key: string | undefined): Principal | null => {
    if (key === undefined) return anonymous;
    if (isApiKey(key)) return inItsProject(keys.recall(key), request);
    return isSame(key, localToken) ? localPrincipal(request) : null;
  };
  const identify = async (request: FastifyRequest, key: string): Promise<Principal> => {
    const find = () => identifyKey(request, key);
    // a cookie that has ended, which no page can remove, does not keep its owner from signing in again
    if (!request.routeOptions.config.isOpen) return await find();
    return await find().catch((error) => {
      if (unfit.some((code) => isMitateError(error, code))) return anonymous;
      throw error;
    });
  };
  const identifyKey = async (request: FastifyRequest, key: string): Promise<Principal> => {
    const identify = () => sessions.identify(key, projectOf(request), { isHere: isThisMachine(request) });
    if (sessions.isKnown(key)) return await identify();
    const from = networkOf(request.ip);
    failures.attempt(from);
    try {
      const found = isApiKey(key) ? inItsProject(await keys.lookUp(key), request) : await identify();
      failures.succeeded(from);
      return found as Principal;
    } catch (error) {
      if (!strange.some((code) => isMitateError(error, code))) failures.succeeded(from);
      throw error;
    }
  };
}

/** Of a session, where none is needed. */
const unfit = ['SESSION_ENDED', 'ACCESS_NO_ROLE'] as const;
const strange = ['ACCESS_KEY_INVALID', 'SESSION_ENDED'] as const;

const anonymous: Principal = {
  kind: 'anonymous',
  id: 'anonymous',
  who: 'anonymous',
  project: defaultProject,
  permissions: new Set(),
};
const everything = new Set(permissions);

function localPrincipal(request: FastifyRequest): Principal {
  const project = projectOf(request) ?? defaultProject;
  const name = request.headers['x-mitate-who'];
  const who = typeof name === 'string' && /^[\w.@-]{1,64}$/.test(name) ? `local:${name}` : 'local';
  return { kind: 'local', id: 'local', who, project, permissions: everything };
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** A session token has 43 characters and may start with `mk_` too. */
export const isApiKey = (key: string) => key.startsWith('mk_') && key.length !== 43;

/** API key or session token of a request; undefined = none. */
export function keyOf(request: FastifyRequest): string | undefined {
  const { authorization, cookie } = request.headers;
  const given = request.headers['x-api-key'];
  if (typeof given === 'string') return given;
  if (authorization !== undefined) {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    if (token === undefined) throw new MitateError('ACCESS_KEY_INVALID', {});
    return token;
  }
  const session = cookie && parseCookie(cookie)[sessionCookie];
  if (!session) return undefined;
  requireOwnPage(request);
  return session;
}

/** Browsers also send the cookie with requests from other sites' pages; `Origin` shows it. */
function requireOwnPage({ method, headers }: FastifyRequest): void {
  if (method === 'GET' || method === 'HEAD') return;
  const origin = headers.origin ?? 'no page';
  const isOwn = URL.canParse(origin) && new URL(origin).host === headers.host;
  if (!isOwn) throw new MitateError('ACCESS_CROSS_SITE', { origin });
}

/** For a GET that does more than read: browsers send one for any page's `<img>`, without `Origin`. @throws ACCESS_CROSS_SITE */
export function requireNoOtherSite({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site')
    throw new MitateError('ACCESS_CROSS_SITE', { origin: `a ${site} page` });
}

function projectOf(request: FastifyRequest): string | undefined {
  const project = request.headers['x-mitate-project'];
  if (project === undefined) return undefined;
  const parsed = nameSchema.safeParse(project);
  if (parsed.success) return parsed.data;
  throw new MitateError('HTTP_REQUEST_INVALID', { where: 'header X-Mitate-Project', reason: 'it is not a name' });
}

/** A key belongs to one project: a header that names another is an error. */
function inItsProject(principal: Principal | null, request: FastifyRequest): Principal | null {
  if (principal === null) return null;
  const project = projectOf(request);
  if (project === undefined || project === principal.project) return principal;
  throw new MitateError('ACCESS_NO_ROLE', { user: principal.who, project });
}
