import type { FastifyInstance } from 'fastify';
import type { Service } from '../serving/service.ts';
import { kserveV1Routes } from './routes/kserve-v1.ts';
import { oipRoutes } from './routes/oip.ts';
import { originalRoutes } from './routes/original.ts';
import { predictRoutes } from './routes/predict.ts';
import { vertexRoutes } from './routes/vertex.ts';

const protocols = [predictRoutes, originalRoutes, vertexRoutes, oipRoutes, kserveV1Routes];

/** Every protocol that answers photos, each in a scope of its own. No hooks but the caller's: a photo's HTTP costs processor time that its model needs. */
export async function predictionApi(app: FastifyInstance, { service }: { service: Service }): Promise<void> {
  for (const routes of protocols) await app.register(routes, { service });
}
