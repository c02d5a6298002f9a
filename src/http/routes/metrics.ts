import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { defaultProject } from '../../contracts/access.ts';
import type { Metrics } from '../../serving/metrics.ts';
import { isServerAdmin, requires } from '../principal.ts';
import { accessErrors, errorAnswers } from '../route-schema.ts';

/** `/metrics` for Prometheus: all of it for an admin of the server, else the series of the caller's project. */
export function metricsRoutes(app: FastifyInstance, metrics: Metrics): void {
  const schema = {
    tags: ['health'],
    summary: 'Metrics in Prometheus text format',
    description:
      'Traffic, predictions, drift, alerts, runs, worker, journal and disk. Permission: `read`. Series of the project of the key; with a key of the project `default` also those of the server, and with an admin key of it those of all projects.',
    response: {
      200: { content: { 'text/plain': { schema: z.string() } } },
      ...errorAnswers([...accessErrors, 'INTERNAL']),
    },
  };
  // for the document: what Prometheus reads is text
  const options = { schema, onRequest: requires('read'), serializerCompiler: () => String };
  app.get('/metrics', options, async ({ principal }, reply) => {
    const { project } = principal;
    const seen = isServerAdmin(principal) ? undefined : { project, server: project === defaultProject };
    return reply.type(metrics.contentType).send(await metrics.text(seen));
  });
}
