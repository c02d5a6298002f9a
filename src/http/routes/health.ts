import type { FastifyInstance } from 'fastify';

export interface Health {
  /** Every live deployment that should be warm is. */
  readonly isReady: boolean;
}

/** `/livez`: the process answers. `/readyz`: photos would be answered; 503 while models load and while the server drains. */
export function healthRoutes(app: FastifyInstance, health: Health): void {
  const docs = { tags: ['health'], security: [] };
  app.get('/livez', { schema: { ...docs, summary: 'Whether the process lives' } }, async () => ({ live: true }));
  app.get('/readyz', { schema: { ...docs, summary: 'Whether photos are answered' } }, async (_request, reply) => {
    const { isReady } = health;
    return reply.code(isReady ? 200 : 503).send({ ready: isReady });
  });
}
