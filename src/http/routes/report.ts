import { z } from 'zod';
import { maturity } from '../../actions/workspace/maturity.ts';
import { reportPage, reportPolicy } from '../../actions/workspace/report/page.ts';
import { makeReport } from '../../actions/workspace/report.ts';
import { durationMs, durationSchema } from '../../codecs/duration.ts';
import { maturityAnswerSchema } from '../../contracts/api/maturity.ts';
import type { ApiContext } from '../context.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { requires } from '../principal.ts';

/** How the project fares, for people. */
export function reportRoutes(app: ZodApp, { storeOf }: ApiContext): void {
  const tags = ['reports'];
  const onRequest = requires('read');

  app.get(
    '/api/v1/report',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Traffic, quality, drift, cost and runs, as one HTML page',
        querystring: z.object({ last: durationSchema.default('7d') }),
      },
    },
    async (request, reply) => {
      const lastMs = durationMs(request.query.last) ?? 0;
      const report = await makeReport(storeOf(request), { lastMs, now: new Date() });
      reply.header('content-security-policy', `${reportPolicy}; frame-ancestors 'none'`);
      return await reply.type('text/html; charset=utf-8').send(reportPage(report));
    },
  );

  app.get(
    '/api/v1/maturity',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Google’s MLOps levels, as 46 checks',
        response: { 200: z.array(maturityAnswerSchema) },
      },
    },
    async (request) => await maturity(storeOf(request)),
  );
}
