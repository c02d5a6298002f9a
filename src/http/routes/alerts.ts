import { z } from 'zod';
import { type AlertVerb, acknowledgeAlert, resolveAlert, showAlert, silenceAlert } from '../../actions/alerts/alert.ts';
import { alertDetailsSchema, alertsQuerySchema, alertWordSchema, silenceSchema } from '../../contracts/api/alerts.ts';
import { pageSchema } from '../../contracts/api/page.ts';
import { type Alert, alertSchema } from '../../contracts/loop/alert.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { ApiContext } from '../context.ts';
import { pageBelow } from '../page.ts';
import type { ZodApp } from '../plugins/zod.ts';
import { actorOf, requires } from '../principal.ts';
import { alertPhotoRoutes } from './alert-photos.ts';

const tags = ['alerts'];
const path = '/api/v1/alerts/:alert(^[^:/]+)';
const byAlert = z.object({
  alert: z.string().max(160).describe('Its id, or the name of a monitor whose alert is open'),
});

export function alertRoutes(app: ZodApp, context: ApiContext): void {
  const { storeOf } = context;
  app.get(
    '/api/v1/alerts',
    {
      onRequest: requires('read'),
      schema: {
        tags,
        summary: 'Alerts, newest first',
        querystring: alertsQuerySchema,
        response: { 200: pageSchema(alertSchema) },
      },
    },
    async (request) => {
      const { state, endpoint, monitor } = request.query;
      const filter = {
        ...(state && { states: [state] }),
        ...(endpoint && { endpoint }),
        ...(monitor && { monitor }),
      };
      const { alerts } = storeOf(request);
      return await pageBelow(
        request.query,
        (page) => alerts.listAlerts({ ...filter, ...page }),
        ({ seq }) => seq,
      );
    },
  );

  app.get(
    path,
    {
      onRequest: requires('read'),
      schema: { tags, summary: 'An alert, and who was told', params: byAlert, response: { 200: alertDetailsSchema } },
    },
    async (request) => await showAlert(storeOf(request), request.params.alert),
  );

  alertPhotoRoutes(app, context);

  const verb = <B extends z.ZodType<{ why: string }>>(
    name: string,
    summary: string,
    body: B,
    run: (store: OpenStore, alert: string, by: AlertVerb, asked: z.output<B>) => Promise<Alert>,
  ): void => {
    app.post(
      `${path}::${name}`,
      {
        onRequest: requires('operate', 'label'),
        config: { audit: null },
        schema: { tags, summary, params: byAlert, body, response: { 200: alertSchema } },
      },
      async (request) => {
        const asked = request.body as z.output<B>;
        const { alert } = request.params as { alert: string };
        return await run(storeOf(request), alert, { actor: actorOf(request), why: asked.why, now: new Date() }, asked);
      },
    );
  };
  verb('ack', 'Say that you look after it', alertWordSchema, acknowledgeAlert);
  verb('resolve', 'Say that it is over', alertWordSchema, resolveAlert);
  verb('silence', 'Tell nobody of it until then', silenceSchema, (store, alert, by, { until }) =>
    silenceAlert(store, alert, new Date(until), by),
  );
}
