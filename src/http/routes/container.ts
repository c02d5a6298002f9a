import type { FastifyPluginAsync } from 'fastify';
import { defaultProject, type Principal } from '../../contracts/access.ts';
import type { Service } from '../../serving/service.ts';
import { documentOnly } from '../protocols/document-only.ts';
import { admits } from '../protocols/guards.ts';
import { bodyOf, keepRawBodies, photoBodyLimit } from '../protocols/raw-bodies.ts';
import { readInstances } from '../protocols/read-instances.ts';
import { serviceRequest } from '../protocols/service-request.ts';
import { containerAnswer } from '../protocols/vertex/answer.ts';

export interface ContainerRoutes {
  service: Service;
  healthRoute: string;
  predictRoute: string;
}

/** The caller is Vertex AI, which has checked its own keys. */
const anyone: Principal = {
  kind: 'anonymous',
  id: 'anonymous',
  who: 'anonymous',
  project: defaultProject,
  permissions: new Set(),
};

/** The two routes that Vertex AI requires of a container, at the paths it chooses. */
export const containerRoutes: FastifyPluginAsync<ContainerRoutes> = async (
  app,
  { service, healthRoute, predictRoute },
) => {
  keepRawBodies(app);
  documentOnly(app);
  app.decorateRequest('principal', null as unknown as Principal);
  app.addHook('onRequest', async (request) => {
    request.principal = anyone;
  });

  app.get(literal(healthRoute), async (_request, reply) =>
    reply.code(service.isReady ? 200 : 503).send({ ready: service.isReady }),
  );
  const options = { bodyLimit: photoBodyLimit, onRequest: admits(service) };
  app.post(literal(predictRoute), options, async (request, reply) => {
    const content = readInstances(bodyOf(request));
    const input = { protocol: 'vertex', endpoint: null, verb: 'predict', content } as const;
    return containerAnswer(await service.predict(serviceRequest(request, reply, input)));
  });
};

/** Escapes colons, as in Vertex AI's `/v1/endpoints/1/deployedModels/2:predict`. */
function literal(path: string): string {
  return path.replaceAll(':', '::');
}
