import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Metrics } from '../../serving/metrics.ts';
import { requires } from '../principal.ts';
import { accessErrors, errorAnswers } from '../route-schema.ts';

/** `/metrics` for Prometheus; needs permission `read`. */
export function metricsRoutes(app: FastifyInstance, metrics: Metrics): void {
  const schema = {
    tags: ['health'],
    summary: 'Metrics in Prometheus text format',
    description: 'Traffic, predictions, drift, alerts, runs, worker, journal and disk. Permission: `read`.',
    response: {
      200: { content: { 'text/plain': { schema: z.string() } } },
      ...errorAnswers([...accessErrors, 'INTERNAL']),
    },
  };
  // for the document: what Prometheus reads is text
  const options = { schema, onRequest: requires('read'), serializerCompiler: () => String };
  app.get('/metrics', options, async (_request, reply) => {
    return reply.type(metrics.contentType).send(await metrics.text());
  });
}
