import type { FastifyInstance } from 'fastify';
import { addRoutes } from './add-routes.ts';
import type { ApiContext } from './context.ts';
import { auditChanges } from './plugins/audit.ts';
import { addEtags } from './plugins/etag.ts';
import { readJsonOnly } from './plugins/json-body.ts';
import { withZod } from './plugins/zod.ts';
import { accessHandlers } from './routes/access.ts';
import { alertHandlers, channelHandlers } from './routes/alerts.ts';
import { datasetHandlers } from './routes/datasets.ts';
import { endpointHandlers } from './routes/endpoints.ts';
import { feedbackHandlers } from './routes/feedback.ts';
import { feedbackImport } from './routes/feedback-import.ts';
import { lineageRoutes } from './routes/lineage.ts';
import { modelHandlers } from './routes/models.ts';
import { monitorHandlers } from './routes/monitors.ts';
import { promotionRoutes } from './routes/promotions.ts';
import { queueRoutes } from './routes/queue.ts';
import { releaseRoutes } from './routes/releases.ts';
import { reportHandlers } from './routes/reports.ts';
import { requestHandlers } from './routes/requests.ts';
import { reviewHandlers } from './routes/review.ts';
import { runRoutes } from './routes/runs.ts';
import { sessionHandlers } from './routes/sessions.ts';
import { triggerCalls } from './routes/trigger-calls.ts';
import { triggerRoutes } from './routes/triggers.ts';
import { webhookRoutes } from './routes/webhooks.ts';

const resources = [runRoutes, queueRoutes, promotionRoutes, lineageRoutes, releaseRoutes, triggerRoutes, triggerCalls];

/** Everything but photos: JSON in, JSON out, each change in the audit log. */
export async function managementApi(app: FastifyInstance, context: ApiContext): Promise<void> {
  readJsonOnly(app);
  addEtags(app);
  auditChanges(app, context);
  const routed = withZod(app);
  for (const routes of resources) routes(routed, context);
  addRoutes(app, context, {
    ...accessHandlers(context),
    ...alertHandlers(),
    ...channelHandlers(context),
    ...datasetHandlers(context),
    ...endpointHandlers(context),
    ...feedbackHandlers(context),
    ...modelHandlers(context),
    ...monitorHandlers(context),
    ...reportHandlers(),
    ...requestHandlers(),
    ...reviewHandlers(context),
    ...sessionHandlers(context),
  });
  await app.register(feedbackImport, context);
  await app.register(webhookRoutes, context);
}
