import { stringifySetCookie } from 'cookie';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { signIn, signOut } from '../../actions/access/user.ts';
import { sessionSchema, signInSchema, whoamiSchema } from '../../contracts/api/access.ts';
import { MitateError } from '../../errors/index.ts';
import type { ApiContext } from '../context.ts';
import { keyOf, sessionCookie } from '../plugins/authenticate.ts';
import { limitedPer } from '../plugins/rate-limit.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { actorOf } from '../principal.ts';

const tags = ['access'];

/** Signing in and out, and who one is. */
export function sessionRoutes(app: ZodApp, { storeOf, sessions }: ApiContext): void {
  // a guess costs a quarter of a second of one core
  const limitGuesses = limitedPer(app, { max: 10, by: ({ ip }) => ip });

  app.post(
    '/api/v1/sessions',
    {
      onRequest: limitGuesses,
      config: { audit: null },
      schema: {
        tags,
        summary: 'Sign in; the token is also set as a cookie that scripts cannot read',
        security: [],
        body: signInSchema,
        response: { 201: sessionSchema },
      },
    },
    async (request, reply) => {
      const signedIn = await signIn(storeOf(request), request.body, actorOf(request)).catch((error) => {
        request.log.warn({ name: request.body.name, address: request.ip }, 'sign-in refused');
        throw error;
      });
      reply.header('set-cookie', cookie(request, signedIn.token, signedIn.expiresAt));
      return await reply.code(201).send(signedIn);
    },
  );

  app.delete(
    '/api/v1/sessions/current',
    {
      config: { audit: null },
      schema: { tags, summary: 'Sign out', response: { 204: z.null() } },
    },
    async (request, reply) => {
      const { kind, who } = request.principal;
      const token = keyOf(request);
      if (kind !== 'user' || token === undefined)
        throw new MitateError('ACCESS_DENIED', { who, permission: 'a session' });
      await signOut(storeOf(request), token, actorOf(request));
      sessions.forget(token);
      reply.header('set-cookie', cookie(request, '', new Date(0)));
      return await reply.code(204).send(null);
    },
  );

  app.get(
    '/api/v1/me',
    { schema: { tags, summary: 'Who asks, and what they may do', response: { 200: whoamiSchema } } },
    async ({ principal: { kind, who, project, permissions } }) => {
      return { kind, who, project, permissions: [...permissions] };
    },
  );
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
