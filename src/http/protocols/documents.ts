import type { FastifySchema } from 'fastify';
import { z } from 'zod';
import { predictionErrors } from '../../contracts/api/prediction-errors.ts';
import type { ErrorCode } from '../../errors/index.ts';
import { accessErrors, errorAnswers, identityErrors } from '../route-schema.ts';

const lookUpErrors = [
  'REQUEST_TEXT_INVALID',
  'HTTP_ROUTE_UNKNOWN',
  'ENDPOINT_UNKNOWN',
  'ENDPOINT_VERSION_UNKNOWN',
  'ENDPOINT_NOT_READY',
  'SERVICE_STARTING',
] as const;
const errors = {
  predict: [...predictionErrors, 'HTTP_ROUTE_UNKNOWN', ...accessErrors, 'INTERNAL'],
  lookUp: [...lookUpErrors, ...accessErrors, 'INTERNAL'],
  server: [...identityErrors, 'INTERNAL'],
} as const;

/**
 * These protocols are specified elsewhere, bodies included.
 * @param kind of the route: its errors
 */
const document =
  (tag: string, shape: string) =>
  (
    summary: string,
    description: string,
    kind: keyof typeof errors = 'predict',
    more: readonly ErrorCode[] = [],
  ): { schema: FastifySchema } => ({
    schema: {
      tags: [tag],
      summary,
      description: `${description} ${shape}`,
      ...(kind === 'server' && { security: [] }),
      response: { 200: z.looseObject({}), ...textual(errorAnswers([...errors[kind], ...more])) },
    },
  });

/** Only the codes: the shape is the protocol's. */
function textual(answers: Record<number, z.ZodType>): Record<number, z.ZodType> {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description = '' }]) => [status, z.looseObject({}).describe(description)]),
  );
}

const asText = 'Errors are `{"error": "<code>: <text>"}`.';
export const originalDocument = document("the original system's API", 'Errors have the native shape.');
export const vertexDocument = document(
  'Vertex AI: projects.locations.endpoints',
  "Errors have the shape of Google's APIs.",
);
export const oipDocument = document('Open Inference Protocol v2', asText);
export const kserveDocument = document('KServe protocol v1', asText);
