import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** Every response has the id of its request, and a policy that lets browsers run nothing. */
export async function addResponseHeaders(app: FastifyInstance): Promise<void> {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    // up to whatever terminates TLS in front of this server
    strictTransportSecurity: false,
    // only for obsolete browsers and plug-ins, but sent with every prediction
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
    originAgentCluster: false,
  });
}
