import type { FastifyPluginAsync, FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import type { ServedPrediction } from '../../../contracts/served-prediction.ts';
import { MitateError } from '../../../errors/index.ts';
import type { Service } from '../../../serving/service.ts';
import { builtInPhoto } from '../built-in-photo.ts';
import { documentOnly } from '../document-only.ts';
import { originalDocument } from '../documents.ts';
import { admits, mayPredict } from '../guards.ts';
import { readNativeBody } from '../native/read-body.ts';
import { predictionHeaders } from '../prediction-headers.ts';
import { bodyOf, keepRawBodies, photoBodyLimit } from '../raw-bodies.ts';
import { onePhoto, type RequestContent } from '../request-content.ts';
import { serviceRequest } from '../service-request.ts';
import { predictionAnswer, probabilityAnswer } from './answer.ts';

const originalErrors = ['ENDPOINT_NOT_NAMED', 'ENDPOINT_NOT_A_QUESTION'] as const;
const uploadErrors = [...originalErrors, 'PHOTO_UNLIKE_TRAINING'] as const;
const rule =
  '`unwell` if P(unwell) > 0.5, whatever the threshold of the model. A model trained for a sensitivity, a specificity or costs answers by its own threshold. The headers `X-Mitate-Label` and `X-Mitate-Threshold` have the label and the threshold of the model.';

/** The original system's API, on the default endpoint: `GET /test-predict`, `POST /predict/`, `POST /explain/`, each with and without a trailing slash. */
export const originalRoutes: FastifyPluginAsync<{ service: Service }> = async (app, { service }) => {
  keepRawBodies(app);
  documentOnly(app);
  const options = {
    bodyLimit: photoBodyLimit,
    onRequest: [mayPredict(service, () => null), admits(service)],
    preHandler: requireBinary(service),
  };

  const predict = async (request: FastifyRequest, reply: FastifyReply, content: RequestContent) => {
    const input = { protocol: 'original', endpoint: null, verb: 'predict', content } as const;
    const { predictions } = await service.predict(serviceRequest(request, reply, input));
    const [prediction] = predictions as [ServedPrediction];
    // where the model's threshold is not 0.5 its label may differ from the original system's answer
    reply.headers(predictionHeaders(prediction));
    return prediction;
  };
  const requireAnswer = (prediction: ServedPrediction) => {
    if (!prediction.refusal) return prediction;
    throw new MitateError('PHOTO_UNLIKE_TRAINING', { id: prediction.id, advice: prediction.refusal.advice });
  };
  const predictUpload = async (request: FastifyRequest, reply: FastifyReply) => {
    const content = await readNativeBody(request.headers['content-type'], bodyOf(request));
    onePhoto(content.images);
    return await predict(request, reply, content);
  };

  for (const slash of ['', '/']) {
    app.get(
      `/test-predict${slash}`,
      {
        ...options,
        ...originalDocument(
          'P(unwell) of a built-in photo',
          'In percent with two decimals: `{"probability of unwellness": "94.75%"}`.',
          'predict',
          originalErrors,
        ),
      },
      async (request, reply) => probabilityAnswer(await predict(request, reply, { images: [await builtInPhoto()] })),
    );
    app.post(
      `/predict${slash}`,
      {
        ...options,
        ...originalDocument('Healthy or unwell', `Form field \`file\`. ${rule}`, 'predict', uploadErrors),
      },
      async (request, reply) => predictionAnswer(requireAnswer(await predictUpload(request, reply))),
    );
    app.post(
      `/explain${slash}`,
      {
        ...options,
        ...originalDocument('P(unwell) in percent', `Form field \`file\`. ${rule}`, 'predict', uploadErrors),
      },
      async (request, reply) => probabilityAnswer(requireAnswer(await predictUpload(request, reply))),
    );
  }
};

/** Before the prediction: what these routes cannot express is not logged as a prediction. */
function requireBinary(service: Service): preHandlerAsyncHookHandler {
  return async (request) => {
    const { name, positive } = service.describe(request.principal.project, null);
    if (positive === null) throw new MitateError('ENDPOINT_NOT_A_QUESTION', { endpoint: name });
  };
}
