import { z } from 'zod';
import { explanationSchema, predictResponseSchema } from '../../contracts/served-prediction.ts';

const base64 = z.string().meta({ contentEncoding: 'base64' });
const attributes = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** JSON is one of the forms of a body; the document names the others in words. */
const forms =
  'Body: a photo as it is (`image/jpeg`, `image/png`, `image/webp`), a form with files in `file`, or this JSON. ' +
  'Headers: `X-Mitate-Key` keeps a person on one deployment, `Idempotency-Key` answers a repeat without a second record, ' +
  '`X-Mitate-Attributes` (JSON) is logged for slices.';

const params = z.object({ name: z.string().describe('Of the endpoint') });
const body = z.object({ images: z.array(base64).max(64), attributes: attributes.optional() });

/** For the OpenAPI document. */
export const predictDocument = {
  tags: ['photos'],
  summary: 'Answer photos',
  description: forms,
  params,
  body,
  response: { 200: predictResponseSchema },
};

export const explainDocument = {
  tags: ['photos'],
  summary: 'Answer a photo with its heat map: a PNG, or with format=json its numbers',
  description: forms,
  params,
  querystring: z.object({
    class: z.string().optional().describe('Label whose heat map is drawn; default: of the answer'),
    format: z.enum(['png', 'json']).optional(),
  }),
  body: body.extend({ class: z.string().optional() }),
  response: { 200: explanationSchema },
};

const said = (tag: string) => (summary: string) => ({ schema: { tags: [tag], summary } });

/** Of the protocols that have a specification elsewhere: it, not this document, has their bodies. */
export const originalDocument = said("the original system's API");
export const vertexDocument = said('Vertex AI: projects.locations.endpoints');
export const oipDocument = said('Open Inference Protocol v2');
export const kserveDocument = said('KServe protocol v1');
