import type { FastifyInstance } from 'fastify';
import type { AppOptions } from './app.ts';
import { auditChanges } from './plugins/audit.ts';
import { addEtags } from './plugins/etag.ts';
import { readJsonOnly } from './plugins/json-body.ts';
import { withZod } from './plugins/zod.ts';

/** Everything but photos: JSON in, JSON out, each change in the audit log. */
export async function managementApi(app: FastifyInstance, options: AppOptions): Promise<void> {
  readJsonOnly(app);
  addEtags(app);
  auditChanges(app, options.store.access);
  const _routes = withZod(app);
}
