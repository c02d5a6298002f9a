import type { FastifyPluginAsync } from 'fastify';
import type { Service } from '../../../serving/service.ts';
import { requires } from '../../principal.ts';
import { admits, mayAsk } from '../answers-from.ts';
import { kserveDocument } from '../documents.ts';
import { answerErrorsAsText } from '../error-shapes.ts';
import { explainEach } from '../explain-each.ts';
import { documentOnly } from '../own-schemas.ts';
import { bodyOf, photoBodyLimit, takeRawBodies } from '../raw-bodies.ts';
import { readInstances } from '../read-instances.ts';
import { sendReadiness } from '../readiness.ts';
import { serviceRequest } from '../service-request.ts';
import { explainAnswer, predictAnswer } from './answer.ts';

interface Asks {
  Params: { model: string };
}

/** KServe's data plane v1 (TensorFlow Serving's REST shape); a model is an endpoint. */
export const kserveV1Routes: FastifyPluginAsync<{ service: Service }> = async (app, { service }) => {
  takeRawBodies(app);
  documentOnly(app);
  answerErrorsAsText(app);
  const guard = mayAsk(service, (request) => (request.params as Asks['Params']).model);
  const asks = { bodyLimit: photoBodyLimit, onRequest: [guard, admits(service)] };
  const model = '/v1/models/:model(^[^:/]+)';

  app.get(
    '/v1/models',
    { onRequest: requires('predict'), ...kserveDocument('Models that are ready') },
    async (request) => ({
      models: service.ready(request.principal.project),
    }),
  );

  app.get<Asks>(model, { onRequest: guard, ...kserveDocument('Whether a model is ready') }, async (request, reply) =>
    sendReadiness(reply, service, request.principal.project, request.params.model),
  );

  app.post<Asks>(`${model}::predict`, { ...asks, ...kserveDocument('Answer instances') }, async (request, reply) => {
    const content = readInstances(bodyOf(request));
    const asked = { protocol: 'kserve-v1', endpoint: request.params.model, verb: 'predict', content } as const;
    return predictAnswer(await service.predict(serviceRequest(request, reply, asked)));
  });

  app.post<Asks>(`${model}::explain`, { ...asks, ...kserveDocument('Explain instances') }, async (request, reply) => {
    const content = readInstances(bodyOf(request));
    const asked = { protocol: 'kserve-v1', endpoint: request.params.model, content } as const;
    return explainAnswer(await explainEach(service, request, reply, asked));
  });
};
