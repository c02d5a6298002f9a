import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MitateError } from '../../errors/index.ts';
import { isEncrypted } from '../tls/is-encrypted.ts';

const ownNames = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/** Addresses that other machines cannot reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** Where a request comes from. Not behind a proxy on it either: its clients are elsewhere. */
export function isThisMachine({ ip, headers }: FastifyRequest): boolean {
  return isLoopback(ip.replace(/^::ffff:/, '')) && headers['x-forwarded-for'] === undefined;
}

/**
 * Without keys, a page of any site could use the server through a browser on this machine: through a domain that resolves to 127.0.0.1
 * (DNS rebinding; `Host` shows it) or with a plain form (`Origin` shows it).
 */
export function allowThisMachineOnly(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { host = '', origin } = request.headers;
    if (!ownNames.test(host)) return done(refused('Host', host));
    if (origin !== undefined && origin !== `${isEncrypted(request) ? 'https' : 'http'}://${host}`)
      return done(refused('Origin', origin));
    done();
  });
}

const refused = (header: string, value: string) => new MitateError('HTTP_HOST_REFUSED', { header, value });
