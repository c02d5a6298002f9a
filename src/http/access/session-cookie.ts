import { stringifySetCookie } from 'cookie';
import type { FastifyRequest } from 'fastify';

export const sessionCookie = 'mitate_session';

export function sessionCookieOf(
  { headers }: FastifyRequest,
  { token, expiresAt }: { token: string; expiresAt: Date },
  secure = headers['x-forwarded-proto'] === 'https',
): string {
  return stringifySetCookie({
    name: sessionCookie,
    value: token,
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure,
    expires: expiresAt,
  });
}
