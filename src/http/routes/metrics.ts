import type { FastifyInstance } from 'fastify';
import { defaultProject } from '../../contracts/access.ts';
import type { Metrics } from '../../serving/metrics.ts';
import { isServerAdmin, requires } from '../principal.ts';

/** `/metrics` for Prometheus: all of it for an admin of the server, else the series of the caller's project. */
export function metricsRoutes(app: FastifyInstance, metrics: Metrics): void {
  const schema = {
    tags: ['health'],
    summary: 'Metrics in Prometheus text format',
    description:
      'Traffic, predictions, drift, alerts, runs, worker, journal and disk. Permission: `read`. Series of the project of the key; with a key of the project `default` also those of the server, and with an admin key of it those of all projects.',
  };
  app.get('/metrics', { schema, onRequest: requires('read') }, async ({ principal }, reply) => {
    const { project } = principal;
    const seen = isServerAdmin(principal) ? undefined : { project, server: project === defaultProject };
    return reply.type(metrics.contentType).send(await metrics.text(seen));
  });
}
