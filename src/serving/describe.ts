import type { Route } from './router/route.ts';
import type { EndpointDescription } from './service.ts';

/** What protocols report about an endpoint. */
export function describeRoute({ endpoint, settings, stable, deployments }: Route): EndpointDescription {
  const { labels, task } = stable.model.signature;
  return {
    name: endpoint,
    versions: deployments.map(({ model, role, traffic }) => ({
      model: model.name,
      version: model.version,
      role,
      traffic,
      ready: true,
    })),
    labels,
    positive: task.kind === 'question' ? task.positive : null,
    isPublic: settings.public,
  };
}
