import { parseCookie, stringifySetCookie } from 'cookie';
import { callbackPath, openProvider, signInPerson } from '../../actions/access/oidc.ts';
import type { RefusedSignIns } from '../../actions/access/refused-sign-ins.ts';
import { defaultProject } from '../../contracts/access.ts';
import { isMitateError, MitateError } from '../../errors/index.ts';
import { BegunSignIns } from '../access/begun-sign-ins.ts';
import { sessionCookieOf } from '../access/session-cookie.ts';
import type { Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';

const cookieName = 'mitate_oidc';

type Begun = Awaited<ReturnType<ReturnType<typeof openProvider>['begin']>>['begun'] & { returnTo: string };

/** The browser goes to the identity provider, and comes back with a code. */
export function oidcHandlers(
  { config: { oidc }, sessions }: ApiContext,
  refused: RefusedSignIns,
): Handlers<'sessions.oidc' | 'sessions.oidcCallback'> {
  const begunSignIns = new BegunSignIns<Begun>();
  const on = oidc && { ...oidc, provider: openProvider(oidc), secure: oidc.publicUrl.startsWith('https:') };
  const required = () => {
    if (on === null) throw new MitateError('OIDC_OFF', {});
    return on;
  };
  // strict cookies do not come along when another site sends the browser here
  const common = { name: cookieName, path: callbackPath, httpOnly: true, sameSite: 'lax' } as const;

  return {
    'sessions.oidc': async ({ query: { returnTo }, reply }) => {
      const { provider, secure } = required();
      const { url, begun } = await provider.begin();
      const value = begunSignIns.add({ ...begun, returnTo });
      reply
        .header('set-cookie', stringifySetCookie({ ...common, value, secure, maxAge: 600 }))
        .header('cache-control', 'no-store')
        .header('location', url);
    },

    'sessions.oidcCallback': async ({ store, actor, request, reply }) => {
      const { provider, secure, publicUrl, roles: map } = required();
      const inDefault = store.forProject(defaultProject);
      const by = { ...actor, userAgent: request.headers['user-agent'] };
      const finish = async () => {
        const begun = begunSignIns.take(parseCookie(request.headers.cookie ?? '')[cookieName]);
        if (begun === null) throw new MitateError('OIDC_NOT_BEGUN', {});
        const person = await provider.finish(new URL(request.url, publicUrl).searchParams, begun);
        const signedIn = await signInPerson(inDefault, person, { map, by, now: sessions.now() });
        return { signedIn, returnTo: begun.returnTo };
      };
      const { signedIn, returnTo } = await finish().catch(async (error) => {
        request.log.warn({ err: error, address: request.ip }, 'sign-in at the identity provider failed');
        const name = isMitateError(error, 'OIDC_DISABLED') ? String(error.details.user) : '';
        if (isMitateError(error)) await refused.record(inDefault, { name, how: 'provider', error: error.code }, actor);
        throw error;
      });
      sessions.remember(signedIn.token);
      reply
        .header('set-cookie', [
          sessionCookieOf(request, signedIn, secure),
          stringifySetCookie({ ...common, value: '', secure, maxAge: 0 }),
        ])
        .header('cache-control', 'no-store')
        .header('location', `${publicUrl}${returnTo}`);
    },
  };
}
