import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { instantSchema } from '../../contracts/instant.ts';
import { unreachableMs } from '../access/verified-keys.ts';
import type { DatabaseWatch } from '../database-watch.ts';

export interface Health {
  /** Every live deployment is warm. */
  service: { readonly isReady: boolean };
  database: Pick<DatabaseWatch, 'problem'>;
}

const readiness = z.object({
  ready: z.boolean(),
  problems: z.array(z.object({ part: z.literal('database'), code: z.string(), since: instantSchema })),
});

/**
 * `/livez`: the process responds. `/readyz`: predictions are served; 503 while models load, while the server drains, and once the database has been
 * away for so long that keys are no longer accepted.
 */
export function healthRoutes(app: FastifyInstance, { service, database }: Health): void {
  const docs = { tags: ['health'], security: [] };
  app.get(
    '/livez',
    { schema: { ...docs, summary: 'Liveness probe', description: 'The process responds.' } },
    async () => ({ live: true }),
  );
  app.get(
    '/readyz',
    {
      serializerCompiler: () => JSON.stringify,
      schema: {
        ...docs,
        summary: 'Readiness probe',
        description:
          'Predictions are served; 503 while models load, while the server drains, and after a minute without the database. `problems` names what does not work, by error code.',
        response: { 200: readiness, 503: readiness },
      },
    },
    async (_request, reply) => {
      const problem = database.problem();
      const ready = service.isReady && (problem === null || problem.forMs < unreachableMs);
      const problems = problem ? [{ part: 'database', code: problem.code, since: problem.since }] : [];
      return reply.code(ready ? 200 : 503).send({ ready, problems });
    },
  );
}
