import { z } from 'zod';
import { dimensionsSchema } from '../dimensions.ts';
import { pageSchema } from '../page.ts';
import {
  loggedRequestSchema,
  requestCountSchema,
  requestExplanationSchema,
  requestFilterSchema,
  requestsQuerySchema,
  subjectSchema,
} from '../requests.ts';
import type { RouteIn, Routes } from '../route.ts';

/** Without vectors, and without what the client sent besides the photo's attributes. */
const requestColumns = [
  ...['publicId', 'loggingTime', 'endpoint', 'modelName', 'modelVersion', 'role', 'requestId', 'instance', 'protocol'],
  ...['status', 'errorCode', 'label', 'probability', 'positiveProbability', 'threshold', 'uncertain', 'quality'],
  ...['outOfDistribution', 'outOfDistributionScore', 'latencyMs', 'imageSha256', 'imageKept', 'attributes', 'subject'],
] as const;

const params = z.object({ id: z.uuid() });

export const requestRoutes = {
  'requests.list': {
    summary: 'List logged predictions, newest first',
    description:
      'A prediction appears here shortly after its response, when the journal has been written to the database.',
    needs: ['read'],
    query: requestsQuerySchema,
    answer: pageSchema(loggedRequestSchema),
    csv: requestColumns,
  },
  'requests.count': {
    summary: 'Count logged predictions, up to 10,000',
    description: 'By the same conditions as the list. `isMore`: there are more than that.',
    needs: ['read'],
    query: requestFilterSchema,
    answer: requestCountSchema,
  },
  'requests.get': {
    summary: 'Get a logged prediction',
    description: 'The response, the version that answered, latency, image properties and attributes.',
    needs: ['read'],
    params,
    answer: loggedRequestSchema,
    errors: ['REQUEST_UNKNOWN'],
  },
  'requests.photo': {
    summary: 'Get the photo of a logged prediction, without metadata, if it was kept',
    description:
      "Photos are kept as the endpoint's `images` setting says, until their retention ends. EXIF, GPS and other metadata are removed.",
    needs: ['label'],
    params,
    answer: ['image/jpeg', 'image/png', 'image/webp'],
    errors: ['REQUEST_UNKNOWN', 'REVIEW_PHOTO_GONE'],
  },
  'requests.explanation': {
    summary: 'Get the heat map of a logged prediction',
    description:
      'Computed from the kept photo by the version that answered, also after it left its endpoint. It is no prediction: nothing is logged. Cells are log-odds that the area adds for the label.',
    needs: ['label'],
    params,
    limitPerMinute: 60,
    answer: requestExplanationSchema,
    errors: [
      'REQUEST_UNKNOWN',
      'REVIEW_PHOTO_GONE',
      'DEPLOYMENT_NOT_READY',
      'MODEL_NOT_FOUND',
      'MODEL_NOT_EXPLAINABLE',
      'QUEUE_FULL',
      'SERVICE_DRAINING',
    ],
  },
  'requests.dimensions': {
    summary: 'Get the dimension tables of the request log',
    description:
      'dim_endpoints, dim_models and dim_deployments: what the columns `endpoint` and `deployed_model_id` of a logged prediction refer to, also of endpoints and deployments that are gone.',
    needs: ['read'],
    answer: dimensionsSchema,
  },
} satisfies Routes<RouteIn<'requests'>>;

export const subjectRoutes = {
  'subjects.get': {
    summary: 'Follow a subject over time: its predictions, request by request, and whether it gets worse',
    description:
      'Photos of one request are one visit with one combined answer. The trend is of the visits that one version answered at one endpoint; fewer than five never show one.',
    needs: ['read'],
    params: z.object({ subject: z.string().min(1).max(128).describe('As sent with the photos') }),
    answer: subjectSchema,
    errors: ['SUBJECT_UNKNOWN'],
  },
} satisfies Routes<RouteIn<'subjects'>>;
