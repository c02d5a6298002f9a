import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { packageVersion } from '../../../config/package-version.ts';
import { MitateError } from '../../../errors/index.ts';
import type { EndpointDescription, Service } from '../../../serving/service.ts';
import { documentOnly } from '../document-only.ts';
import { oipDocument } from '../documents.ts';
import { sendErrorsAsText } from '../error-shapes.ts';
import { admits, mayPredict } from '../guards.ts';
import { bodyOf, keepRawBodies, photoBodyLimit } from '../raw-bodies.ts';
import { sendReadiness } from '../readiness.ts';
import { serviceRequest } from '../service-request.ts';
import { modelMetadata, outputNames, serverMetadata, versionsOf } from './metadata.ts';
import { readInfer } from './read-infer.ts';
import { type InferAnswer, inferAnswer } from './write-infer.ts';

interface Typed {
  Params: { model: string; version?: string };
}

const lengthHeader = 'inference-header-content-length';

/** The Open Inference Protocol v2 over HTTP, with Triton's binary tensors and classification; a model is an endpoint. */
export const oipRoutes: FastifyPluginAsync<{ service: Service }> = async (app, { service }) => {
  keepRawBodies(app);
  documentOnly(app);
  sendErrorsAsText(app);
  const guard = mayPredict(service, (request) => (request.params as Typed['Params']).model);

  app.get('/v2', oipDocument('Server metadata', 'Name, version and extensions.', 'server'), async () =>
    serverMetadata(packageVersion),
  );
  app.get('/v2/health/live', oipDocument('Server live', 'The process responds.', 'server'), async () => ({
    live: true,
  }));
  app.get(
    '/v2/health/ready',
    oipDocument('Server ready', 'Predictions are served; 503 while models load and while the server drains.', 'server'),
    async (_request, reply) => reply.code(service.isReady ? 200 : 503).send({ live: true, ready: service.isReady }),
  );

  for (const model of ['/v2/models/:model', '/v2/models/:model/versions/:version']) {
    app.get<Typed>(
      model,
      {
        onRequest: guard,
        ...oipDocument('Model metadata', 'A model is an endpoint: its versions, inputs and outputs.', 'lookUp'),
      },
      async (request) => modelMetadata(described(service, request).description),
    );

    app.get<Typed>(
      `${model}/ready`,
      {
        onRequest: guard,
        ...oipDocument('Model ready', 'Whether the endpoint, or the version of it, answers.', 'lookUp'),
      },
      async (request, reply) => {
        if (request.params.version !== undefined) described(service, request);
        return sendReadiness(reply, service, request.principal.project, request.params.model);
      },
    );

    const options = { bodyLimit: photoBodyLimit, onRequest: [guard, admits(service)] };
    app.post<Typed>(
      `${model}/infer`,
      {
        ...options,
        ...oipDocument(
          'Inference',
          'Photos as a BYTES tensor `image`, as base64 in the JSON or raw behind it. A version in the path answers whatever the traffic split.',
        ),
      },
      async (request, reply) => {
        const { description, version: pinned } = described(service, request);
        const { id, content, outputs } = readInfer(bodyOf(request), lengthOf(request), outputNames(description));
        const input = { protocol: 'oip', endpoint: request.params.model, verb: 'predict', content } as const;
        const answer = await service.predict({ ...serviceRequest(request, reply, input), version: pinned });
        return sendInferred(reply, inferAnswer(answer, id, outputs));
      },
    );
  }
};

/** @throws ENDPOINT_*, ENDPOINT_VERSION_UNKNOWN */
function described(
  service: Service,
  request: FastifyRequest<Typed>,
): { description: EndpointDescription; version: number | undefined } {
  const { model, version } = request.params;
  const description = service.describe(request.principal.project, model);
  const versions = versionsOf(description);
  if (version === undefined || versions.includes(version))
    return { description, version: version === undefined ? undefined : Number(version) };
  throw new MitateError('ENDPOINT_VERSION_UNKNOWN', {
    endpoint: model,
    version: version.slice(0, 40),
    versions: versions.join(', ') || 'none',
  });
}

function lengthOf(request: FastifyRequest): string | undefined {
  const length = request.headers[lengthHeader];
  return Array.isArray(length) ? length.join() : length;
}

function sendInferred(reply: FastifyReply, { json, raw }: InferAnswer): FastifyReply {
  if (raw === null) return reply.send(json);
  const head = Buffer.from(JSON.stringify(json));
  return reply
    .header(lengthHeader, String(head.length))
    .type('application/octet-stream')
    .send(Buffer.concat([head, raw]));
}
