import type { z } from 'zod';
import type { RouteId } from './paths.ts';
import type { Routes } from './route.ts';
import { accessRoutes } from './routes/access.ts';
import { alertRoutes, channelRoutes } from './routes/alerts.ts';
import { correctionRoutes, dataRoutes } from './routes/data.ts';
import { datasetRoutes } from './routes/datasets.ts';
import { endpointRoutes } from './routes/endpoints.ts';
import { eventRoutes } from './routes/events.ts';
import { feedbackRoutes, reviewRoutes } from './routes/feedback.ts';
import { labelRoutes } from './routes/labels.ts';
import { modelRoutes } from './routes/models.ts';
import { monitorRoutes } from './routes/monitors.ts';
import { overviewRoutes } from './routes/overview.ts';
import { photoRoutes } from './routes/photos.ts';
import { promotionRoutes } from './routes/promotions.ts';
import { releaseRoutes } from './routes/releases.ts';
import { reportRoutes } from './routes/reports.ts';
import { requestRoutes, subjectRoutes } from './routes/requests.ts';
import { runRoutes } from './routes/runs.ts';
import { triggerRoutes } from './routes/triggers.ts';
import { uploadRoutes } from './routes/uploads.ts';

/** What every route of `paths` takes and answers. */
export const routes = {
  ...photoRoutes,
  ...runRoutes,
  ...modelRoutes,
  ...endpointRoutes,
  ...promotionRoutes,
  ...requestRoutes,
  ...subjectRoutes,
  ...feedbackRoutes,
  ...reviewRoutes,
  ...dataRoutes,
  ...correctionRoutes,
  ...labelRoutes,
  ...uploadRoutes,
  ...datasetRoutes,
  ...monitorRoutes,
  ...alertRoutes,
  ...channelRoutes,
  ...triggerRoutes,
  ...releaseRoutes,
  ...accessRoutes,
  ...overviewRoutes,
  ...eventRoutes,
  ...reportRoutes,
} satisfies Routes<RouteId>;
export type AllRoutes = typeof routes;

type Taken<I extends RouteId, Part extends 'query' | 'body'> =
  AllRoutes[I] extends Record<Part, infer S extends z.ZodType> ? S : never;

/** Of a route, as the client sends it. */
export type QueryOf<I extends RouteId> = z.input<Taken<I, 'query'>>;
export type BodyOf<I extends RouteId> = z.input<Taken<I, 'body'>>;
/** As the client gets it: nothing of 204, a Blob of a file. */
export type AnswerOf<I extends RouteId> = AllRoutes[I]['answer'] extends infer S extends z.ZodType
  ? S extends z.ZodNull
    ? Promise<void>
    : Promise<z.output<S>>
  : Promise<Blob>;
