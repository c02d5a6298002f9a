import { z } from 'zod';
import { recordOf } from '../../record-of.ts';
import { explanationSchema, predictResponseSchema } from '../../served-prediction.ts';
import type { RouteIn, Routes } from '../route.ts';

const base64 = z.string().meta({ contentEncoding: 'base64' });
const attributes = recordOf(z.union([z.string(), z.number(), z.boolean()]));

/** JSON is one of the forms of a body; the document describes the others in text. */
const description =
  'Body: a photo (`image/jpeg`, `image/png`, `image/webp`), a form with files in `file`, or this JSON. ' +
  'Headers: `X-Mitate-Key` pins a caller to one deployment, `Idempotency-Key` replays the response of an earlier identical request, ' +
  '`X-Mitate-Attributes` (JSON) is logged for slices.';

const params = z.object({ name: z.string().describe('Of the endpoint') });
const body = z.object({ images: z.array(base64).max(64), attributes: attributes.optional() });

export const photoRoutes = {
  'photos.predict': { summary: 'Classify photos', description, params, body, answer: predictResponseSchema },
  'photos.explain': {
    summary: 'Classify a photo and draw its heat map: a PNG, or with format=json its values',
    description,
    params,
    query: z.object({
      class: z.string().optional().describe('Label to explain. Default: the predicted one'),
      format: z.enum(['png', 'json']).optional(),
    }),
    body: body.extend({ class: z.string().optional() }),
    answer: explanationSchema,
  },
} satisfies Routes<RouteIn<'photos'>>;
