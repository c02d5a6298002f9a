import { z } from 'zod';
import { monitorResultSchema, storedMonitorSchema } from '../../loop/monitor.ts';
import {
  createMonitorSchema,
  defaultsOfSchema,
  monitorsQuerySchema,
  setMonitorSchema,
  watchedMonitorSchema,
} from '../monitors.ts';
import { pageQuerySchema, pageSchema } from '../page.ts';
import type { RouteIn, Routes } from '../route.ts';

const params = z.object({ name: z.string().max(128) });

export const monitorRoutes = {
  'monitors.list': {
    summary: 'List monitors with their latest results',
    description: "A monitor compares a window of an endpoint's predictions with a reference on a schedule.",
    needs: ['read'],
    query: monitorsQuerySchema,
    answer: pageSchema(watchedMonitorSchema),
  },
  'monitors.create': {
    summary: 'Create a monitor',
    description:
      '`kind` selects what is compared: image properties, embeddings, predictions, accuracy, latency and others. A worker runs it on its schedule.',
    needs: ['operate'],
    body: createMonitorSchema,
    status: 201,
    answer: storedMonitorSchema,
    errors: ['MONITOR_INVALID', 'MONITOR_EXISTS', 'ENDPOINT_UNKNOWN'],
  },
  'monitors.createDefaults': {
    summary: 'Create the default monitors of an endpoint that are missing',
    description: 'One for each kind that the deployed model supports, with the usual windows and thresholds.',
    needs: ['operate'],
    body: defaultsOfSchema,
    answer: z.array(storedMonitorSchema),
    errors: ['ENDPOINT_UNKNOWN'],
  },
  'monitors.get': {
    summary: 'Get a monitor with its latest result',
    description: 'Its definition and state.',
    needs: ['read'],
    params,
    answer: watchedMonitorSchema,
    errors: ['MONITOR_UNKNOWN'],
  },
  'monitors.set': {
    summary: 'Enable or disable a monitor',
    description: 'Only what is given changes. Results and open alerts stay.',
    needs: ['operate'],
    params,
    body: setMonitorSchema,
    answer: storedMonitorSchema,
    errors: ['MONITOR_UNKNOWN'],
  },
  'monitors.remove': {
    summary: 'Remove a monitor; its results are kept',
    description: 'It no longer runs.',
    needs: ['operate'],
    params,
    status: 204,
    answer: z.null(),
    errors: ['MONITOR_UNKNOWN'],
  },
  'monitors.results': {
    summary: 'List results of a monitor, newest first',
    description: 'Statistic, threshold, state and the photos that contributed most, for each window.',
    needs: ['read'],
    params,
    query: pageQuerySchema,
    answer: pageSchema(monitorResultSchema),
  },
  'monitors.run': {
    summary: 'Run a monitor on the window that ends now, in a separate process',
    description: 'For a look in between; the result is stored like those of the schedule.',
    needs: ['operate'],
    params,
    answer: monitorResultSchema,
    errors: ['MONITOR_UNKNOWN', 'MONITOR_NOTHING_SERVED', 'ENDPOINT_UNKNOWN'],
  },
} satisfies Routes<RouteIn<'monitors'>>;
