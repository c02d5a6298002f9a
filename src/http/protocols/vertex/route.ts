import type { FastifyPluginAsync } from 'fastify';
import type { Service } from '../../../serving/service.ts';
import { admits, mayAsk } from '../answers-from.ts';
import { vertexDocument } from '../documents.ts';
import { answerErrorsAsGoogle } from '../error-shapes.ts';
import { explainEach } from '../explain-each.ts';
import { documentOnly } from '../own-schemas.ts';
import { bodyOf, photoBodyLimit, takeRawBodies } from '../raw-bodies.ts';
import { readInstances } from '../read-instances.ts';
import { serviceRequest } from '../service-request.ts';
import { vertexAnswer, vertexExplanation } from './answer.ts';

interface Asks {
  Params: { endpoint: string };
}

/**
 * Vertex AI's public API for clients that are pointed at this server: `:predict` and `:explain` of
 * `/v1/projects/{p}/locations/{l}/endpoints/{e}`. The key decides the project; the names of project and location are the
 * client's own.
 */
export const vertexRoutes: FastifyPluginAsync<{ service: Service }> = async (app, { service }) => {
  takeRawBodies(app);
  documentOnly(app);
  answerErrorsAsGoogle(app);
  const guards = [mayAsk(service, (request) => (request.params as Asks['Params']).endpoint), admits(service)];
  const options = { bodyLimit: photoBodyLimit, onRequest: guards };
  const endpoint = '/v1/projects/:project/locations/:location/endpoints/:endpoint(^[^:/]+)';

  app.post<Asks>(
    `${endpoint}::predict`,
    { ...options, ...vertexDocument('Answer instances') },
    async (request, reply) => {
      const content = readInstances(bodyOf(request));
      const asked = { protocol: 'vertex', endpoint: request.params.endpoint, verb: 'predict', content } as const;
      return vertexAnswer(await service.predict(serviceRequest(request, reply, asked)));
    },
  );

  app.post<Asks>(
    `${endpoint}::explain`,
    { ...options, ...vertexDocument('Explain instances') },
    async (request, reply) => {
      const content = readInstances(bodyOf(request));
      const asked = { protocol: 'vertex', endpoint: request.params.endpoint, content } as const;
      const explained = await explainEach(service, request, reply, asked);
      const predictions = explained.map(({ prediction }) => prediction);
      const answer = vertexAnswer({ requestId: request.id, endpoint: request.params.endpoint, predictions });
      return { explanations: explained.map(vertexExplanation), ...answer };
    },
  );
};
