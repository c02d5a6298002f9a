import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

export interface Health {
  /** Every live deployment is warm. */
  readonly isReady: boolean;
}

const readiness = z.object({ ready: z.boolean() });

/** `/livez`: the process responds. `/readyz`: predictions are served; 503 while models load and while the server drains. */
export function healthRoutes(app: FastifyInstance, health: Health): void {
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
        description: 'Predictions are served; 503 while models load and while the server drains.',
        response: { 200: readiness, 503: readiness },
      },
    },
    async (_request, reply) => {
      const { isReady } = health;
      return reply.code(isReady ? 200 : 503).send({ ready: isReady });
    },
  );
}
