import type { FastifyPluginAsync } from 'fastify';
import type { Service } from '../../../serving/service.ts';
import { documentOnly } from '../document-only.ts';
import { vertexDocument } from '../documents.ts';
import { sendErrorsAsGoogle } from '../error-shapes.ts';
import { explainEach } from '../explain-each.ts';
import { admits, mayPredict } from '../guards.ts';
import { bodyOf, keepRawBodies, photoBodyLimit } from '../raw-bodies.ts';
import { readInstances } from '../read-instances.ts';
import { serviceRequest } from '../service-request.ts';
import { vertexAnswer, vertexExplanation } from './answer.ts';

interface Typed {
  Params: { endpoint: string };
}

/**
 * Vertex AI's public API for clients pointed at this server: `:predict` and `:explain` of
 * `/v1/projects/{p}/locations/{l}/endpoints/{e}`. The key decides the project; project and location in the path are ignored.
 */
export const vertexRoutes: FastifyPluginAsync<{ service: Service }> = async (app, { service }) => {
  keepRawBodies(app);
  documentOnly(app);
  sendErrorsAsGoogle(app);
  const guards = [mayPredict(service, (request) => (request.params as Typed['Params']).endpoint), admits(service)];
  const options = { bodyLimit: photoBodyLimit, onRequest: guards };
  const endpoint = '/v1/projects/:project/locations/:location/endpoints/:endpoint(^[^:/]+)';

  app.post<Typed>(
    `${endpoint}::predict`,
    {
      ...options,
      ...vertexDocument(
        'Answer instances',
        'One prediction per instance of `{"instances": [{"b64": ...}]}`. The key, not the path, selects the project.',
      ),
    },
    async (request, reply) => {
      const content = readInstances(bodyOf(request));
      const input = { protocol: 'vertex', endpoint: request.params.endpoint, verb: 'predict', content } as const;
      return vertexAnswer(await service.predict(serviceRequest(request, reply, input)));
    },
  );

  app.post<Typed>(
    `${endpoint}::explain`,
    {
      ...options,
      ...vertexDocument('Explain instances', 'Predictions, and a heat map per instance as a feature attribution.'),
    },
    async (request, reply) => {
      const content = readInstances(bodyOf(request));
      const input = { protocol: 'vertex', endpoint: request.params.endpoint, content } as const;
      const explained = await explainEach(service, request, reply, input);
      const predictions = explained.map(({ prediction }) => prediction);
      const answer = vertexAnswer({ requestId: request.id, endpoint: request.params.endpoint, predictions });
      return { explanations: explained.map(vertexExplanation), ...answer };
    },
  );
};
