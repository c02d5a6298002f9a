import type { Route } from './router/route.ts';
import type { EndpointDescription } from './service.ts';

/** What a protocol says of an endpoint: encoded photos in; the answer, its probability, and the head's numbers out. */
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
    inputs: [{ name: 'image', datatype: 'BYTES', shape: [-1] }],
    outputs: [
      { name: 'label', datatype: 'BYTES', shape: [-1] },
      { name: 'probability', datatype: 'FP32', shape: [-1] },
      { name: 'probabilities', datatype: 'FP32', shape: [-1, labels.length] },
    ],
    positive: task.kind === 'question' ? task.positive : null,
    isPublic: settings.public,
  };
}
