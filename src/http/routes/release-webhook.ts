import type { FastifyInstance } from 'fastify';
import { takeHook } from '../../actions/releases/hook.ts';
import { hookSignatureHeader, workflowTokenHeader } from '../../codecs/signed-hook.ts';
import { addRoutes } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';

/** The signature covers the raw body, so it is parsed only after the check; the schema here is for the OpenAPI document. */
export async function releaseWebhook(app: FastifyInstance, context: ApiContext): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setValidatorCompiler(() => () => true);
  addRoutes(app, context, {
    'releases.webhook': async ({ store, now, request }) =>
      await takeHook(store, context.runQueue, {
        hooks: context.config.releaseHooks,
        signature: request.headers[hookSignatureHeader],
        token: request.headers[workflowTokenHeader],
        body: request.body instanceof Uint8Array ? request.body : new Uint8Array(0),
        now,
        from: { requestId: request.id, address: request.ip },
      }),
  });
}
