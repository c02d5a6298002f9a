import type { FastifyInstance } from 'fastify';
import type { ApiContext } from './context.ts';
import { auditChanges } from './plugins/audit.ts';
import { addEtags } from './plugins/etag.ts';
import { readJsonOnly } from './plugins/json-body.ts';
import { withZod } from './plugins/zod.ts';
import { alertRoutes } from './routes/alerts.ts';
import { auditRoutes } from './routes/audit.ts';
import { channelRoutes } from './routes/channels.ts';
import { endpointRoutes } from './routes/endpoints.ts';
import { feedbackRoutes } from './routes/feedback.ts';
import { feedbackImportRoutes } from './routes/feedback-import.ts';
import { flywheelRoutes } from './routes/flywheel.ts';
import { goldenRoutes } from './routes/golden.ts';
import { keyRoutes } from './routes/keys.ts';
import { lineageRoutes } from './routes/lineage.ts';
import { modelVerbs } from './routes/model-verbs.ts';
import { modelRoutes } from './routes/models.ts';
import { monitorRoutes } from './routes/monitors.ts';
import { projectRoutes } from './routes/projects.ts';
import { promotionRoutes } from './routes/promotions.ts';
import { queueRoutes } from './routes/queue.ts';
import { releaseRoutes } from './routes/releases.ts';
import { reportRoutes } from './routes/report.ts';
import { requestRoutes } from './routes/requests.ts';
import { reviewRoutes } from './routes/review.ts';
import { runRoutes } from './routes/runs.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { triggerCalls } from './routes/trigger-calls.ts';
import { triggerRoutes } from './routes/triggers.ts';
import { userRoutes } from './routes/users.ts';
import { webhookRoutes } from './routes/webhooks.ts';

const resources = [
  runRoutes,
  queueRoutes,
  modelRoutes,
  modelVerbs,
  endpointRoutes,
  promotionRoutes,
  requestRoutes,
  feedbackRoutes,
  reviewRoutes,
  flywheelRoutes,
  goldenRoutes,
  lineageRoutes,
  monitorRoutes,
  keyRoutes,
  userRoutes,
  sessionRoutes,
  projectRoutes,
  auditRoutes,
  alertRoutes,
  channelRoutes,
  releaseRoutes,
  reportRoutes,
  triggerRoutes,
  triggerCalls,
];

/** Everything but photos: JSON in, JSON out, each change in the audit log. */
export async function managementApi(app: FastifyInstance, context: ApiContext): Promise<void> {
  readJsonOnly(app);
  addEtags(app);
  auditChanges(app, context);
  const routed = withZod(app);
  for (const routes of resources) routes(routed, context);
  await app.register(feedbackImportRoutes, context);
  await app.register(webhookRoutes, context);
}
