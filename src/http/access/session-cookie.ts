import { stringifySetCookie } from 'cookie';
import type { FastifyRequest } from 'fastify';
import { isEncrypted } from '../tls/is-encrypted.ts';

export const sessionCookie = 'mitate_session';

export function sessionCookieOf(
  request: FastifyRequest,
  { token, expiresAt }: { token: string; expiresAt: Date },
  secure = isEncrypted(request) || request.headers['x-forwarded-proto'] === 'https',
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
