import type { FastifyPluginAsync } from 'fastify';
import type { Service } from '../../../serving/service.ts';
import { requires } from '../../principal.ts';
import { documentOnly } from '../document-only.ts';
import { kserveDocument } from '../documents.ts';
import { sendErrorsAsText } from '../error-shapes.ts';
import { explainEach } from '../explain-each.ts';
import { admits, mayPredict } from '../guards.ts';
import { bodyOf, keepRawBodies, photoBodyLimit } from '../raw-bodies.ts';
import { readInstances } from '../read-instances.ts';
import { sendReadiness } from '../readiness.ts';
import { serviceRequest } from '../service-request.ts';
import { explainAnswer, predictAnswer } from './answer.ts';

interface Typed {
  Params: { model: string };
}

/** KServe's data plane v1 (TensorFlow Serving's REST shape); a model is an endpoint. */
export const kserveV1Routes: FastifyPluginAsync<{ service: Service }> = async (app, { service }) => {
  keepRawBodies(app);
  documentOnly(app);
  sendErrorsAsText(app);
  const guard = mayPredict(service, (request) => (request.params as Typed['Params']).model);
  const options = { bodyLimit: photoBodyLimit, onRequest: [guard, admits(service)] };
  const model = '/v1/models/:model(^[^:/]+)';

  app.get(
    '/v1/models',
    {
      onRequest: requires('predict'),
      ...kserveDocument('Models that are ready', 'Names of the endpoints of the project that answer.', 'lookUp'),
    },
    async (request) => ({
      models: service.ready(request.principal.project),
    }),
  );

  app.get<Typed>(
    model,
    { onRequest: guard, ...kserveDocument('Whether a model is ready', 'A model is an endpoint.', 'lookUp') },
    async (request, reply) => sendReadiness(reply, service, request.principal.project, request.params.model),
  );

  app.post<Typed>(
    `${model}::predict`,
    {
      ...options,
      ...kserveDocument('Answer instances', 'One prediction per instance of `{"instances": [{"b64": ...}]}`.'),
    },
    async (request, reply) => {
      const content = readInstances(bodyOf(request));
      const input = { protocol: 'kserve-v1', endpoint: request.params.model, verb: 'predict', content } as const;
      return predictAnswer(await service.predict(serviceRequest(request, reply, input)));
    },
  );

  app.post<Typed>(
    `${model}::explain`,
    { ...options, ...kserveDocument('Explain instances', 'Predictions, and a heat map per instance.') },
    async (request, reply) => {
      const content = readInstances(bodyOf(request));
      const input = { protocol: 'kserve-v1', endpoint: request.params.model, content } as const;
      return explainAnswer(await explainEach(service, request, reply, input));
    },
  );
};
