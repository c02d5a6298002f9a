import type { FastifyPluginAsync } from 'fastify';
import { defaultProject, type Principal } from '../../contracts/access.ts';
import type { Service } from '../../serving/service.ts';
import { admits } from '../protocols/answers-from.ts';
import { documentOnly } from '../protocols/own-schemas.ts';
import { bodyOf, photoBodyLimit, takeRawBodies } from '../protocols/raw-bodies.ts';
import { readInstances } from '../protocols/read-instances.ts';
import { serviceRequest } from '../protocols/service-request.ts';
import { containerAnswer } from '../protocols/vertex/answer.ts';

export interface ContainerRoutes {
  service: Service;
  healthRoute: string;
  predictRoute: string;
}

/** Who asks a container: Vertex AI, which has checked its own keys. */
const anyone: Principal = {
  kind: 'anonymous',
  id: 'anonymous',
  who: 'anonymous',
  project: defaultProject,
  permissions: new Set(),
};

/** The two routes that Vertex AI asks of a container, at the paths that it names. */
export const containerRoutes: FastifyPluginAsync<ContainerRoutes> = async (app, options) => {
  const { service, healthRoute, predictRoute } = options;
  takeRawBodies(app);
  documentOnly(app);
  app.decorateRequest('principal', null as unknown as Principal);
  app.addHook('onRequest', async (request) => {
    request.principal = anyone;
  });

  app.get(literal(healthRoute), async (_request, reply) =>
    reply.code(service.isReady ? 200 : 503).send({ ready: service.isReady }),
  );
  const asks = { bodyLimit: photoBodyLimit, onRequest: admits(service) };
  app.post(literal(predictRoute), asks, async (request, reply) => {
    const content = readInstances(bodyOf(request));
    const asked = { protocol: 'vertex', endpoint: null, verb: 'predict', content } as const;
    return containerAnswer(await service.predict(serviceRequest(request, reply, asked)));
  });
};

/** A colon is a colon, as in Vertex AI's own `/v1/endpoints/1/deployedModels/2:predict`. */
function literal(path: string): string {
  return path.replaceAll(':', '::');
}
