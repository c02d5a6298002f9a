import type { FastifyInstance } from 'fastify';
import { RefusedSignIns } from '../actions/access/refused-sign-ins.ts';
import type { RouteId } from '../contracts/api/paths.ts';
import type { RouteIn } from '../contracts/api/route.ts';
import { FailureLimit } from './access/failure-limit.ts';
import { addRoutes, type Handlers } from './add-routes.ts';
import type { ApiContext } from './context.ts';
import { addEtags } from './plugins/etag.ts';
import { readJsonOnly } from './plugins/json-body.ts';
import { checkWithZod } from './plugins/zod.ts';
import { accessHandlers } from './routes/access.ts';
import { alertHandlers, channelHandlers } from './routes/alerts.ts';
import { correctionHandlers, dataHandlers, labelHandlers, uploadedPhotoRoute, uploadHandlers } from './routes/data.ts';
import { datasetHandlers } from './routes/datasets.ts';
import { endpointHandlers } from './routes/endpoints.ts';
import { eventRoutes } from './routes/events.ts';
import { feedbackHandlers } from './routes/feedback.ts';
import { feedbackImport } from './routes/feedback-import.ts';
import { modelHandlers } from './routes/models.ts';
import { monitorHandlers } from './routes/monitors.ts';
import { oidcHandlers } from './routes/oidc.ts';
import { promotionHandlers } from './routes/promotions.ts';
import { releaseWebhook } from './routes/release-webhook.ts';
import { releaseHandlers } from './routes/releases.ts';
import { overviewHandlers, reportHandlers } from './routes/reports.ts';
import { requestHandlers } from './routes/requests.ts';
import { reviewHandlers } from './routes/review.ts';
import { runHandlers } from './routes/runs.ts';
import { secondFactorHandlers } from './routes/second-factor.ts';
import { sessionHandlers } from './routes/sessions.ts';
import { triggerHandlers } from './routes/triggers.ts';

type JsonRoute = Exclude<
  RouteId,
  RouteIn<'photos'> | 'events.stream' | 'feedback.import' | 'releases.webhook' | 'uploads.add'
>;

/** Everything but photos: JSON in, JSON out. */
export async function managementApi(app: FastifyInstance, context: ApiContext): Promise<void> {
  readJsonOnly(app);
  addEtags(app);
  checkWithZod(app);
  const refused = new RefusedSignIns();
  // of a user whose password is known: a code is guessed in a year, not in a day
  const codes = new FailureLimit({ max: 5, windowS: 600 });
  const handlers: Handlers<JsonRoute> = {
    ...accessHandlers(context),
    ...alertHandlers(),
    ...channelHandlers(context),
    ...dataHandlers(context),
    ...correctionHandlers(context),
    ...datasetHandlers(context),
    ...endpointHandlers(context),
    ...feedbackHandlers(context),
    ...labelHandlers(),
    ...modelHandlers(context),
    ...monitorHandlers(context),
    ...oidcHandlers(context, refused),
    ...overviewHandlers(context),
    ...promotionHandlers(context),
    ...releaseHandlers(context),
    ...reportHandlers(context),
    ...requestHandlers(context),
    ...reviewHandlers(context),
    ...runHandlers(context),
    ...secondFactorHandlers(context, codes),
    ...sessionHandlers(context, { refused, codes }),
    ...triggerHandlers(context),
    ...uploadHandlers(),
  };
  addRoutes(app, context, handlers);
  await app.register(eventRoutes, context);
  await app.register(feedbackImport, context);
  await app.register(releaseWebhook, context);
  await app.register(uploadedPhotoRoute, context);
}
