import type { RouteId } from './paths.ts';
import type { Routes } from './route.ts';
import { accessRoutes } from './routes/access.ts';
import { alertRoutes, channelRoutes } from './routes/alerts.ts';
import { datasetRoutes } from './routes/datasets.ts';
import { endpointRoutes } from './routes/endpoints.ts';
import { feedbackRoutes, reviewRoutes } from './routes/feedback.ts';
import { modelRoutes } from './routes/models.ts';
import { monitorRoutes } from './routes/monitors.ts';
import { photoRoutes } from './routes/photos.ts';
import { promotionRoutes } from './routes/promotions.ts';
import { releaseRoutes } from './routes/releases.ts';
import { reportRoutes } from './routes/reports.ts';
import { requestRoutes } from './routes/requests.ts';
import { runRoutes } from './routes/runs.ts';
import { triggerRoutes } from './routes/triggers.ts';

/** What every route of `paths` takes and answers. */
export const routes = {
  ...photoRoutes,
  ...runRoutes,
  ...modelRoutes,
  ...endpointRoutes,
  ...promotionRoutes,
  ...requestRoutes,
  ...feedbackRoutes,
  ...reviewRoutes,
  ...datasetRoutes,
  ...monitorRoutes,
  ...alertRoutes,
  ...channelRoutes,
  ...triggerRoutes,
  ...releaseRoutes,
  ...accessRoutes,
  ...reportRoutes,
} satisfies Routes<RouteId>;
export type AllRoutes = typeof routes;
