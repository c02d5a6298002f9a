import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../../serving/metrics.ts';
import { requires } from '../principal.ts';

/** `/metrics` for Prometheus; needs permission `read`. */
export function metricsRoutes(app: FastifyInstance, metrics: Metrics): void {
  const schema = {
    tags: ['health'],
    summary: 'Metrics in Prometheus text format',
    description: 'Traffic, predictions, drift, alerts, runs, worker, journal and disk. Permission: `read`.',
  };
  app.get('/metrics', { schema, onRequest: requires('read') }, async (_request, reply) => {
    return reply.type(metrics.contentType).send(await metrics.text());
  });
}
