import type { FastifyInstance } from 'fastify';

/** Schemas of these routes are for the OpenAPI document: bodies are read by the protocol, and answers are made by it. */
export function documentOnly(app: FastifyInstance): void {
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
}
