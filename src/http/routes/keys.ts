import { z } from 'zod';
import { createKey, revokeKey } from '../../actions/access/key.ts';
import { apiKeySchema } from '../../contracts/access.ts';
import { createdKeySchema, createKeySchema } from '../../contracts/api/access.ts';
import { pageQuerySchema, pageSchema } from '../../contracts/api/page.ts';
import type { ApiContext } from '../context.ts';
import { pageOf } from '../page.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { actorOf, requires } from '../principal.ts';

const tags = ['access'];
const onRequest = requires('admin');

/** Keys of the project that asks. */
export function keyRoutes(app: ZodApp, { storeOf, keys }: ApiContext): void {
  app.get(
    '/api/v1/keys',
    {
      onRequest,
      schema: {
        tags,
        summary: 'API keys, newest first',
        querystring: pageQuerySchema,
        response: { 200: pageSchema(apiKeySchema) },
      },
    },
    async (request) =>
      pageOf(await storeOf(request).access.listKeys(request.principal.project), request.query, ({ id }) => id),
  );

  app.post(
    '/api/v1/keys',
    {
      onRequest,
      config: { audit: null },
      schema: {
        tags,
        summary: 'Make a key; it is told this once',
        body: createKeySchema,
        response: { 201: createdKeySchema },
      },
    },
    async (request, reply) => {
      const { expiresAt, ...wanted } = request.body;
      const key = { ...wanted, expiresAt: expiresAt === null ? null : new Date(expiresAt) };
      const made = await createKey(storeOf(request), key, actorOf(request));
      return await reply.code(201).send(made);
    },
  );

  app.delete(
    '/api/v1/keys/:id',
    {
      onRequest,
      config: { audit: null },
      schema: {
        tags,
        summary: 'Revoke a key',
        params: z.object({ id: z.string().max(64).describe('Its id, or its name when one live key has it') }),
        response: { 200: apiKeySchema },
      },
    },
    async (request) => {
      const revoked = await revokeKey(storeOf(request), request.params.id, actorOf(request));
      keys.forget(revoked.id);
      return revoked;
    },
  );
}
