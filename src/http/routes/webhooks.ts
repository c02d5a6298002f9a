import type { FastifyPluginAsync } from 'fastify';
import { takeHook } from '../../actions/releases/hook.ts';
import { hookSignatureHeader } from '../../codecs/signed-hook.ts';
import { receivedReleaseSchema } from '../../contracts/api/releases.ts';
import { releaseHookSchema } from '../../contracts/release.ts';
import type { ApiContext } from '../context.ts';
import { limitedPer } from '../plugins/rate-limit.ts';
import { releaseBodyLimit } from './releases.ts';

/** What other systems announce. Signatures are over bytes, so bodies are taken as they came. */
export const webhookRoutes: FastifyPluginAsync<ApiContext> = async (app, { config, runQueue, storeOf }) => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  // the schemas are for the OpenAPI document: the body is read once its signature was
  app.setValidatorCompiler(() => () => true);
  const limit = limitedPer(app, { max: 60, by: ({ ip }) => `webhook:${ip}` });

  app.post(
    '/api/v1/webhooks/releases',
    {
      onRequest: limit,
      bodyLimit: releaseBodyLimit,
      config: { audit: null },
      schema: {
        tags: ['releases'],
        summary: 'A repository announces a release; signed, needs no key',
        description: `Header ${hookSignatureHeader}: t=<unix seconds>,n=<nonce>,v1=<hex HMAC-SHA256 of "t.nonce.body">`,
        security: [],
        body: releaseHookSchema,
        response: { 201: receivedReleaseSchema },
      },
    },
    async (request, reply) => {
      const signature = request.headers[hookSignatureHeader];
      const body = request.body instanceof Uint8Array ? request.body : new Uint8Array(0);
      const from = { requestId: request.id, address: request.ip };
      const call = { hooks: config.releaseHooks, signature, body, now: new Date(), from };
      return await reply.code(201).send(await takeHook(storeOf(request), runQueue, call));
    },
  );
};
