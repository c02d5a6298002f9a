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
    needs: ['read'],
    query: monitorsQuerySchema,
    answer: pageSchema(watchedMonitorSchema),
  },
  'monitors.create': {
    summary: 'Create a monitor',
    needs: ['operate'],
    body: createMonitorSchema,
    status: 201,
    answer: storedMonitorSchema,
    errors: ['MONITOR_INVALID', 'MONITOR_EXISTS', 'ENDPOINT_UNKNOWN'],
  },
  'monitors.createDefaults': {
    summary: 'Create the default monitors of an endpoint that are missing',
    needs: ['operate'],
    body: defaultsOfSchema,
    answer: z.array(storedMonitorSchema),
    errors: ['ENDPOINT_UNKNOWN'],
  },
  'monitors.get': {
    summary: 'Get a monitor with its latest result',
    needs: ['read'],
    params,
    answer: watchedMonitorSchema,
    errors: ['MONITOR_UNKNOWN'],
  },
  'monitors.set': {
    summary: 'Enable or disable a monitor',
    needs: ['operate'],
    params,
    body: setMonitorSchema,
    answer: storedMonitorSchema,
    errors: ['MONITOR_UNKNOWN'],
  },
  'monitors.remove': {
    summary: 'Remove a monitor; its results are kept',
    needs: ['operate'],
    params,
    status: 204,
    answer: z.null(),
    errors: ['MONITOR_UNKNOWN'],
  },
  'monitors.results': {
    summary: 'List results of a monitor, newest first',
    needs: ['read'],
    params,
    query: pageQuerySchema,
    answer: pageSchema(monitorResultSchema),
  },
  'monitors.run': {
    summary: 'Run a monitor on the window that ends now, in a separate process',
    needs: ['operate'],
    params,
    answer: monitorResultSchema,
    errors: ['MONITOR_UNKNOWN', 'ENDPOINT_UNKNOWN'],
  },
} satisfies Routes<RouteIn<'monitors'>>;
