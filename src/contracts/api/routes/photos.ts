import { z } from 'zod';
import { recordOf } from '../../record-of.ts';
import { explanationSchema, predictResponseSchema } from '../../served-prediction.ts';
import { predictionErrors } from '../prediction-errors.ts';
import type { RouteIn, Routes } from '../route.ts';

const base64 = z.string().meta({ contentEncoding: 'base64' });
const attributes = recordOf(z.union([z.string(), z.number(), z.boolean()]));

const subject = z
  .string()
  .max(128)
  .optional()
  .describe(
    'Id of what all photos show: `combined` is one answer of them, and `/api/v1/subjects/{subject}` lists them over time',
  );

const description =
  'Headers: `X-Mitate-Key` pins a caller to one deployment, `Idempotency-Key` replays the response of an earlier identical request, ' +
  '`X-Mitate-Attributes` (JSON) is logged for slices, `X-Mitate-Subject` names what all photos show. Needs permission `predict`, unless the endpoint is public.';

const file = { type: 'string', format: 'binary' };
/** A form shows a file picker; an image is the body itself. */
const uploads = {
  'multipart/form-data': {
    type: 'object',
    required: ['file'],
    properties: {
      file: { type: 'array', items: file, description: 'JPEG, PNG or WebP; several fields `file` for several photos' },
      attributes: { type: 'string', description: 'JSON object, logged for slices: `{"device":"Pixel 9"}`' },
      subject: { type: 'string', maxLength: 128, description: 'Id of what all photos show, to follow it over time' },
    },
  },
  'image/jpeg': file,
  'image/png': file,
  'image/webp': file,
};

const params = z.object({ name: z.string().describe('Of the endpoint') });
const body = z.object({ images: z.array(base64).max(64), attributes: attributes.optional(), subject });

export const photoRoutes = {
  'photos.predict': {
    summary: 'Classify photos',
    description: `One prediction per photo, in their order. ${description}`,
    params,
    body,
    uploads,
    answer: predictResponseSchema,
    errors: predictionErrors,
  },
  'photos.explain': {
    summary: 'Classify a photo and draw its heat map: a PNG, or with format=json its values',
    description,
    params,
    uploads,
    query: z.object({
      class: z.string().optional().describe('Label to explain. Default: the predicted one'),
      format: z.enum(['png', 'json']).optional(),
    }),
    body: body.extend({ class: z.string().optional() }),
    answer: explanationSchema,
    errors: [...predictionErrors, 'MODEL_NOT_EXPLAINABLE', 'LABEL_UNKNOWN'],
  },
} satisfies Routes<RouteIn<'photos'>>;
