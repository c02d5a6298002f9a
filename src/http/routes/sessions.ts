import { stringifySetCookie } from 'cookie';
import type { FastifyRequest } from 'fastify';
import { signIn, signOut } from '../../actions/access/user.ts';
import { defaultProject } from '../../contracts/access.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import { MitateError } from '../../errors/index.ts';
import type { Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { keyOf, sessionCookie } from '../plugins/authenticate.ts';

export function sessionHandlers({ sessions }: ApiContext): Handlers<RouteIn<'sessions' | 'me'>> {
  return {
    'sessions.signIn': async ({ store, body, actor, request, reply }) => {
      const signedIn = await signIn(store.forProject(defaultProject), body, actor, sessions.now()).catch((error) => {
        request.log.warn({ name: body.name, address: request.ip }, 'sign-in refused');
        throw error;
      });
      sessions.remember(signedIn.token);
      reply.header('set-cookie', cookie(request, signedIn.token, signedIn.expiresAt));
      return signedIn;
    },
    'sessions.signOut': async ({ store, actor, principal: { kind, who }, request, reply }) => {
      const token = keyOf(request);
      if (kind !== 'user' || token === undefined)
        throw new MitateError('ACCESS_DENIED', { who, permission: 'a session' });
      await signOut(store, token, actor);
      sessions.forget(token);
      reply.header('set-cookie', cookie(request, '', new Date(0)));
    },
    'me.get': async ({ principal: { kind, who, project, permissions } }) => ({
      kind,
      who,
      project,
      permissions: [...permissions],
    }),
  };
}

function cookie({ headers }: FastifyRequest, token: string, expires: Date): string {
  const secure = headers['x-forwarded-proto'] === 'https';
  return stringifySetCookie({
    name: sessionCookie,
    value: token,
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure,
    expires,
  });
}
