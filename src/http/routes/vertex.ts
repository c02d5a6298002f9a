import type { FastifyPluginAsync } from 'fastify';
import { readInstances } from '../../serving/protocols/read-instances.ts';
import { vertexAnswer, vertexExplanation } from '../../serving/protocols/vertex/answer.ts';
import type { Service } from '../../serving/service.ts';
import { admits, mayAsk } from '../protocols/answers-from.ts';
import { vertexDocument } from '../protocols/documents.ts';
import { answerErrorsAsGoogle } from '../protocols/error-shapes.ts';
import { explainEach } from '../protocols/explain-each.ts';
import { documentOnly } from '../protocols/own-schemas.ts';
import { bodyOf, photoBodyLimit, takeRawBodies } from '../protocols/raw-bodies.ts';
import { serviceRequest } from '../protocols/service-request.ts';

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
