import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** Every answer names its request, and tells browsers to run nothing of it. */
export async function addResponseHeaders(app: FastifyInstance): Promise<void> {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    // whoever ends TLS in front of this server knows whether all of its names have it
    strictTransportSecurity: false,
    // for browsers and plug-ins that are gone; and every photo's answer would carry them
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
    originAgentCluster: false,
  });
}
