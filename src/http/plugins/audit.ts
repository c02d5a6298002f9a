import type { FastifyInstance } from 'fastify';
import type { ApiContext } from '../context.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route changes, as the audit log says it: `endpoint.promote`. Every route that changes something names one; null = its action writes the row. */
    audit?: string | null;
  }
  interface FastifyRequest {
    /** What was changed, when the path does not say it; never a secret. */
    changed: { subject?: string; details?: Record<string, unknown> } | null;
  }
}

const reads: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** Writes down every change, by whom, before it is answered. A route that changes something and does not say what is refused at start. */
export function auditChanges(app: FastifyInstance, { storeOf }: Pick<ApiContext, 'storeOf'>): void {
  app.decorateRequest('changed', null);
  app.addHook('onRoute', ({ method, url, config }) => {
    const changes = [method].flat().some((each) => !reads.includes(each));
    if (changes && config?.audit === undefined) throw new Error(`${method} ${url} names no config.audit`);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const { audit: action } = request.routeOptions.config;
    if (action === undefined || action === null || reply.statusCode >= 400) return payload;
    const { who, project } = request.principal;
    const { subject, details = {} } = request.changed ?? {};
    const named = Object.values((request.params ?? {}) as Record<string, string>).join('/');
    await storeOf(request).access.audit({
      project,
      who,
      action,
      subject: subject ?? named,
      details,
      requestId: request.id,
    });
    return payload;
  });
}
