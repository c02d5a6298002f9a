import { pageQuerySchema, pageSchema } from '../../contracts/api/page.ts';
import { auditEntrySchema } from '../../contracts/audit.ts';
import type { ApiContext } from '../context.ts';
import { pageBelow } from '../page.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { requires } from '../principal.ts';

export function auditRoutes(app: ZodApp, { storeOf }: ApiContext): void {
  app.get(
    '/api/v1/audit',
    {
      onRequest: requires('admin'),
      schema: {
        tags: ['access'],
        summary: 'Every change in the project, newest first',
        querystring: pageQuerySchema,
        response: { 200: pageSchema(auditEntrySchema) },
      },
    },
    async (request) => {
      const { access, project } = storeOf(request);
      return await pageBelow(
        request.query,
        (page) => access.listAudit({ project, ...page }),
        ({ seq }) => seq,
      );
    },
  );
}
