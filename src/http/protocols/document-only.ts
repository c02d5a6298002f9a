import type { FastifyInstance } from 'fastify';

/** Schemas of these routes are only for the OpenAPI document: the protocol reads bodies and writes responses itself. */
export function documentOnly(app: FastifyInstance): void {
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
}
