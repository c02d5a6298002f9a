import type { FastifyPluginAsync } from 'fastify';
import { MitateError } from '../../../errors/index.ts';
import type { Service } from '../../../serving/service.ts';
import { fastifyPath } from '../../fastify-path.ts';
import { routeSchema } from '../../route-schema.ts';
import { documentOnly } from '../document-only.ts';
import { explanationFormat } from '../explanation-format.ts';
import { admits, mayPredict } from '../guards.ts';
import { bodyOf, keepRawBodies, photoBodyLimit } from '../raw-bodies.ts';
import { onePhoto } from '../request-content.ts';
import { sendPicture } from '../send-picture.ts';
import { serviceRequest } from '../service-request.ts';
import { readNativeBody } from './read-body.ts';

interface Typed {
  Params: { name: string };
  Querystring: { class?: string | string[]; format?: string | string[] };
}

/** The native protocol: `POST /api/v1/endpoints/{name}:predict` and `:explain`. */
export const predictRoutes: FastifyPluginAsync<{ service: Service }> = async (app, { service }) => {
  keepRawBodies(app);
  documentOnly(app);
  const guards = [mayPredict(service, (request) => (request.params as Typed['Params']).name), admits(service)];
  const options = { bodyLimit: photoBodyLimit, onRequest: guards };

  app.post<Typed>(
    fastifyPath('photos.predict').url,
    { ...options, schema: routeSchema('photos.predict') },
    async (request, reply) => {
      const content = await readNativeBody(request.headers['content-type'], bodyOf(request));
      const input = { protocol: 'native', endpoint: request.params.name, verb: 'predict', content } as const;
      return await service.predict(serviceRequest(request, reply, input));
    },
  );

  app.post<Typed>(
    fastifyPath('photos.explain').url,
    { ...options, schema: routeSchema('photos.explain') },
    async (request, reply) => {
      const format = explanationFormat(onceInQuery('format', request.query.format), request.headers.accept);
      const content = await readNativeBody(request.headers['content-type'], bodyOf(request));
      onePhoto(content.images);
      const classLabel = onceInQuery('class', request.query.class) ?? content.classLabel;
      const input = {
        protocol: 'native',
        endpoint: request.params.name,
        verb: 'explain',
        content: { ...content, classLabel },
      } as const;
      const { overlay, ...explanation } = await service.explain({
        ...serviceRequest(request, reply, input),
        classLabel,
      });
      if (format === 'json') return explanation;
      return sendPicture(reply, explanation.prediction, await overlay());
    },
  );
};

/** `?class=a&class=b` arrives as a list. @throws REQUEST_SHAPE_INVALID */
function onceInQuery(name: string, value: string | string[] | undefined): string | undefined {
  if (!Array.isArray(value)) return value;
  throw new MitateError('REQUEST_SHAPE_INVALID', {
    where: `?${name}`,
    expected: 'it once',
    got: `${value.length} times`,
  });
}
