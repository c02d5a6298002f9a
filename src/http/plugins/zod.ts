import type { FastifyInstance, FastifySchemaCompiler } from 'fastify';
import type { FastifySerializerCompiler } from 'fastify/types/schema.js';
import { validatorCompiler } from 'fastify-type-provider-zod';
import type { ZodType } from 'zod';
import { parseNullsAsAbsent } from './null-members.ts';

/** Schemas of this scope are zod: a request arrives as the schema's output; a response is sent as its output, so a Date as text, and nothing else. */
export function checkWithZod(app: FastifyInstance): void {
  const lenientCompiler: FastifySchemaCompiler<ZodType> = (route) => {
    const explain = validatorCompiler(route as Parameters<typeof validatorCompiler>[0]);
    return (data) => {
      const read = parseNullsAsAbsent(route.schema, data);
      return read.success ? { value: read.data } : explain(data);
    };
  };
  const serializerCompiler: FastifySerializerCompiler<ZodType> =
    ({ schema }) =>
    (data) =>
      JSON.stringify(schema.parse(data));
  app.setValidatorCompiler(lenientCompiler as FastifySchemaCompiler<unknown>);
  app.setSerializerCompiler(serializerCompiler as FastifySerializerCompiler<unknown>);
}
