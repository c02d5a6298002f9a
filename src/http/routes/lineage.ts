import { lineageQuerySchema, lineageSchema } from '../../contracts/api/lineage.ts';
import type { ApiContext } from '../context.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { requires } from '../principal.ts';

export function lineageRoutes(app: ZodApp, { storeOf }: ApiContext): void {
  app.get(
    '/api/v1/lineage',
    {
      onRequest: requires('read'),
      schema: {
        tags: ['lineage'],
        summary: 'Where an artifact, a model version or a photo comes from, and what was made of it',
        querystring: lineageQuerySchema,
        response: { 200: lineageSchema },
      },
    },
    async (request) => {
      const { lineageOf } = await import('../../orchestrator/lineage.ts');
      return await lineageOf(storeOf(request), request.query.of);
    },
  );
}
