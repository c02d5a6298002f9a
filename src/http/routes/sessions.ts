import { type RefusedSignIns, shownName } from '../../actions/access/refused-sign-ins.ts';
import { signOut } from '../../actions/access/session.ts';
import { signIn } from '../../actions/access/sign-in.ts';
import type { CodeTries } from '../../actions/access/totp.ts';
import { defaultProject } from '../../contracts/access.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import { isMitateError, MitateError } from '../../errors/index.ts';
import { sessionCookieOf } from '../access/session-cookie.ts';
import type { Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { keyOf } from '../plugins/authenticate.ts';

type SessionRoute = 'sessions.signIn' | 'sessions.signOut' | RouteIn<'me'>;

const refusals = ['SIGN_IN_REFUSED', 'SIGN_IN_CODE_NEEDED', 'SIGN_IN_CODE_WRONG', 'HTTP_RATE_LIMITED'] as const;

export function sessionHandlers(
  { sessions }: ApiContext,
  { refused, codes }: { refused: RefusedSignIns; codes: CodeTries },
): Handlers<SessionRoute> {
  return {
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
      if (kind !== 'user' || token === undefined)
        throw new MitateError('ACCESS_DENIED', { who, permission: 'a session' });
      await signOut(store, token, actor);
      sessions.forget(token);
      reply.header('set-cookie', sessionCookieOf(request, { token: '', expiresAt: new Date(0) }));
    },
    'me.get': async ({ principal: { kind, who, project, permissions } }) => ({
      kind,
      who,
      project,
      permissions: [...permissions],
    }),
  };
}
