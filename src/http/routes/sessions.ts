import type { FastifyReply, FastifyRequest } from 'fastify';
import { findPreferences, setPreferences } from '../../actions/access/preferences.ts';
import { projectsOf } from '../../actions/access/project.ts';
import { type RefusedSignIns, shownName } from '../../actions/access/refused-sign-ins.ts';
import { type OpenedSession, openKeySession, signOut } from '../../actions/access/session.ts';
import { signIn } from '../../actions/access/sign-in.ts';
import type { CodeTries } from '../../actions/access/totp.ts';
import { answeringEndpoints } from '../../actions/endpoints/endpoint.ts';
import { callerOf, defaultProject } from '../../contracts/access.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import { isMitateError, MitateError } from '../../errors/index.ts';
import { sessionCookieOf } from '../access/session-cookie.ts';
import type { Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { isApiKey, keyOf } from '../plugins/authenticate.ts';
import { isThisMachine } from '../plugins/this-machine-only.ts';
import { requireCaller } from '../principal.ts';

type SessionRoute = Exclude<RouteIn<'sessions' | 'me'>, 'sessions.oidc' | 'sessions.oidcCallback'>;

const refusals = ['SIGN_IN_REFUSED', 'SIGN_IN_CODE_NEEDED', 'SIGN_IN_CODE_WRONG', 'HTTP_RATE_LIMITED'] as const;

const mostEndpoints = 100;

export function sessionHandlers(
  { sessions, keys, signInLinks, config, access }: ApiContext,
  { refused, codes }: { refused: RefusedSignIns; codes: CodeTries },
): Handlers<SessionRoute> {
  const start = (request: FastifyRequest, reply: FastifyReply, { token, expiresAt }: OpenedSession) => {
    sessions.remember(token);
    reply.header('set-cookie', sessionCookieOf(request, { token, expiresAt }));
    return { expiresAt };
  };
  return {
    'sessions.options': async () => ({ open: access === 'open', provider: config.oidc !== null }),
    'sessions.signInWithKey': async ({ store, body, actor, request, reply }) => {
      const { id, who, project } = await keys.lookUp(body.key);
      const by = { ...actor, kind: 'key', id, name: who, userAgent: request.headers['user-agent'] } as const;
      return start(request, reply, await openKeySession(store.forProject(project), id, by, sessions.now()));
    },
    'sessions.signInByLink': async ({ store, body, actor, request, reply }) => {
      if (!isThisMachine(request) || !signInLinks.use(body.token)) throw new MitateError('SIGN_IN_LINK_USED', {});
      const by = {
        ...actor,
        kind: 'local',
        id: 'local',
        name: 'local',
        userAgent: request.headers['user-agent'],
      } as const;
      return start(request, reply, await openKeySession(store.forProject(defaultProject), null, by, sessions.now()));
    },
    'sessions.signIn': async ({ store, body, actor, request, reply }) => {
      const common = store.forProject(defaultProject);
      const by = { ...actor, userAgent: request.headers['user-agent'] };
      const signedIn = await signIn(common, body, by, { codes, now: sessions.now() }).catch(async (error) => {
        request.log.warn({ name: shownName(body.name), address: request.ip }, 'sign-in refused');
        if (isMitateError(error) && refusals.some((code) => code === error.code))
          await refused.record(common, { name: body.name, how: 'password', error: error.code }, actor);
        throw error;
      });
      sessions.remember(signedIn.token);
      reply.header('set-cookie', sessionCookieOf(request, signedIn));
      return signedIn;
    },
    'sessions.signOut': async ({ store, actor, principal: { kind, who }, request, reply }) => {
      const token = keyOf(request);
      if (kind === 'anonymous' || token === undefined || isApiKey(token) || !sessions.isKnown(token))
        throw new MitateError('ACCESS_DENIED', { who, permission: 'a session' });
      await signOut(store, token, actor);
      sessions.forget(token);
      reply.header('set-cookie', sessionCookieOf(request, { token: '', expiresAt: new Date(0) }));
    },
    'me.get': async ({ store, principal }) => {
      const { kind, who, project, permissions } = principal;
      const projects = await projectsOf(store, principal);
      const isBlind = permissions.has('predict') && !permissions.has('read');
      const endpoints = isBlind ? await answeringEndpoints(store, mostEndpoints) : [];
      return { kind, who, project, permissions: [...permissions], projects, endpoints };
    },
    'me.preferences': async ({ store, principal }) => {
      requireCaller(principal);
      return await findPreferences(store, callerOf(principal));
    },
    'me.setPreferences': async ({ store, principal, body, actor }) => {
      requireCaller(principal);
      return await setPreferences(store, callerOf(principal), body, actor);
    },
  };
}
