import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { packageVersion } from '../../config/package-version.ts';

/** Collects the schemas of routes registered after it; `documentRoutes` serves them. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Mitate',
        version: packageVersion,
        description: 'Errors have one shape everywhere: `{ error: { code, message, remedy, details, requestId } }`.',
      },
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'An API key, or the token of a session' },
          header: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
        },
      },
      security: [{ key: [] }, { header: [] }],
    },
    transform: (document) => {
      const { uploads, ...schema } = withoutEmptyLimits(jsonSchemaTransform(document).schema as Documented);
      return { url: document.url, schema: uploads ? withUploads(schema, uploads) : schema };
    },
  });
}

type Documented = FastifySchema & { uploads?: Record<string, object> };

const limits = new Set<unknown>([Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]);

/** Without the limits of whole numbers in JavaScript, which say nothing about a field. */
function withoutEmptyLimits<T>(schema: T): T {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(withoutEmptyLimits) as T;
  const said = Object.entries(schema).filter(([, value]) => !limits.has(value));
  return Object.fromEntries(said.map(([name, value]) => [name, withoutEmptyLimits(value)])) as T;
}

/** The form first: the page shows its file picker. */
function withUploads({ body, ...schema }: FastifySchema, uploads: Record<string, object>): FastifySchema {
  const others = Object.entries(uploads).map(([type, form]) => [type, { schema: form }]);
  const json = body === undefined ? {} : { 'application/json': { schema: body } };
  return { ...schema, body: { content: { ...Object.fromEntries(others), ...json } } };
}

/** Scripts and styles from this server only; the React code of the page sets inline styles. */
const pageRules =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `/api/v1/openapi.json`, and interactive API docs at `/api/v1/docs`. */
export async function documentRoutes(app: FastifyInstance): Promise<void> {
  app.get('/api/v1/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  await app.register(swaggerUi, {
    routePrefix: '/api/v1/docs',
    staticCSP: pageRules,
    // without the bar that has the logo of the framework
    uiConfig: {
      layout: 'BaseLayout',
      docExpansion: 'list',
      deepLinking: true,
      persistAuthorization: false,
      tryItOutEnabled: true,
    },
    theme: { title: 'Mitate API' },
  });
}
