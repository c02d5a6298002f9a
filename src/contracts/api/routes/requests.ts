import { z } from 'zod';
import { dimensionsSchema } from '../dimensions.ts';
import { pageSchema } from '../page.ts';
import { loggedRequestSchema, requestsQuerySchema } from '../requests.ts';
import type { RouteIn, Routes } from '../route.ts';

const params = z.object({ id: z.uuid() });

export const requestRoutes = {
  'requests.list': {
    summary: 'List logged predictions, newest first',
    description:
      'A prediction appears here shortly after its response, when the journal has been written to the database.',
    needs: ['read'],
    query: requestsQuerySchema,
    answer: pageSchema(loggedRequestSchema),
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
  'requests.dimensions': {
    summary: 'Get the dimension tables of the request log',
    description:
      'dim_endpoints, dim_models and dim_deployments: what the columns `endpoint` and `deployed_model_id` of a logged prediction refer to, also of endpoints and deployments that are gone.',
    needs: ['read'],
    answer: dimensionsSchema,
  },
} satisfies Routes<RouteIn<'requests'>>;
