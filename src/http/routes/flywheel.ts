import { exportFlywheelSchema, spansQuerySchema } from '../../contracts/api/flywheel.ts';
import { pageSchema } from '../../contracts/api/page.ts';
import { flywheelExportSchema, flywheelSpanSchema } from '../../contracts/loop/flywheel.ts';
import { exportFlywheelInChildProcess } from '../../worker/flywheel-process.ts';
import type { ApiContext } from '../context.ts';
import { pageBelow } from '../page.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { actorOf, requires } from '../principal.ts';

const tags = ['flywheel'];

/** Labelled requests that become spans of a data set. */
export function flywheelRoutes(app: ZodApp, { storeOf, config }: ApiContext): void {
  app.get(
    '/api/v1/flywheel/spans',
    {
      onRequest: requires('read'),
      schema: {
        tags,
        summary: 'Spans that labelled requests became, newest first',
        querystring: spansQuerySchema,
        response: { 200: pageSchema(flywheelSpanSchema) },
      },
    },
    async (request) => {
      const { endpoint } = request.query;
      const { flywheel } = storeOf(request);
      const filter = endpoint === undefined ? {} : { endpoint };
      return await pageBelow(
        request.query,
        (page) => flywheel.listSpans({ ...filter, ...page }),
        ({ seq }) => seq,
      );
    },
  );

  app.post(
    '/api/v1/flywheel/spans',
    {
      onRequest: requires('operate'),
      config: { audit: null },
      schema: {
        tags,
        summary: 'Make a new span of labelled requests, in a folder inside that of the pipelines',
        body: exportFlywheelSchema,
        response: { 200: flywheelExportSchema },
      },
    },
    async (request) => await exportFlywheelInChildProcess(config, storeOf(request), request.body, actorOf(request)),
  );
}
