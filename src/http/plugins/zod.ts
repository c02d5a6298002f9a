import type { FastifyInstance, FastifySchemaCompiler, FastifyTypeProvider } from 'fastify';
import type { FastifySerializerCompiler } from 'fastify/types/schema.js';
import { validatorCompiler } from 'fastify-type-provider-zod';
import type { ZodType, z } from 'zod';

/** Requests arrive as a schema's output; answers are given as its input and sent as its output: a Date leaves as text. */
export interface ZodTypes extends FastifyTypeProvider {
  validator: this['schema'] extends ZodType ? z.output<this['schema']> : unknown;
  serializer: this['schema'] extends ZodType ? z.input<this['schema']> : unknown;
}

export type ZodApp = ReturnType<typeof withZod>;

/** Routes of this scope give zod schemas. What an answer's schema does not name is not sent. */
export function withZod(app: FastifyInstance) {
  app.setValidatorCompiler(validatorCompiler as FastifySchemaCompiler<unknown>);
  const serializerCompiler: FastifySerializerCompiler<ZodType> =
    ({ schema }) =>
    (data) =>
      JSON.stringify(schema.parse(data));
  app.setSerializerCompiler(serializerCompiler as FastifySerializerCompiler<unknown>);
  return app.withTypeProvider<ZodTypes>();
}
