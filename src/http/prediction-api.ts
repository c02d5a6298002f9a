import type { FastifyInstance } from 'fastify';
import type { Service } from '../serving/service.ts';
import { kserveV1Routes } from './protocols/kserve-v1/route.ts';
import { predictRoutes } from './protocols/native/route.ts';
import { oipRoutes } from './protocols/oip/route.ts';
import { originalRoutes } from './protocols/original/route.ts';
import { vertexRoutes } from './protocols/vertex/route.ts';

const protocols = [predictRoutes, originalRoutes, vertexRoutes, oipRoutes, kserveV1Routes];

/** One plugin per prediction protocol. No hooks here: the CPU time of a request is taken from the model. */
export async function predictionApi(app: FastifyInstance, { service }: { service: Service }): Promise<void> {
  for (const routes of protocols) await app.register(routes, { service });
}
