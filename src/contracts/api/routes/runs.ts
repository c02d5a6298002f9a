import { z } from 'zod';
import { storedArtifactSchema } from '../../artifact.ts';
import { queuedRunSchema } from '../../run-order.ts';
import { lineageQuerySchema, lineageSchema } from '../lineage.ts';
import { pageSchema } from '../page.ts';
import type { RouteIn, Routes } from '../route.ts';
import { artifactsQuerySchema, runDetailsSchema, runSchema, runsQuerySchema, startRunSchema } from '../runs.ts';

const byId = z.object({ id: z.string().max(128).describe('Its id, the beginning of it, or "latest"') });
const byFullId = z.object({ id: z.uuid() });

const queue = {
  'runs.queue.list': {
    summary: 'List queued runs, oldest first',
    needs: ['read'],
    answer: z.array(queuedRunSchema),
  },
  'runs.queue.get': {
    summary: 'Get the state of a queued run',
    needs: ['read'],
    params: byFullId,
    answer: queuedRunSchema,
    errors: ['RUN_UNKNOWN'],
  },
  'runs.queue.remove': {
    summary: 'Remove a run from the queue',
    needs: ['operate'],
    params: byFullId,
    status: 204,
    answer: z.null(),
    errors: ['RUN_ORDER_NOT_WAITING'],
  },
} satisfies Routes<RouteIn<'runs.queue'>>;
/** `/queue` was the queue of runs; photos have a queue too. */
const since = '2026-11-30';

export const runRoutes = {
  'runs.list': {
    summary: 'List runs, newest first',
    needs: ['read'],
    query: runsQuerySchema,
    answer: pageSchema(runSchema),
  },
  'runs.start': {
    summary: 'Queue a run; a worker starts it under the id in the response',
    needs: ['operate'],
    body: startRunSchema,
    status: 202,
    answer: queuedRunSchema,
    errors: ['RUN_PIPELINE_UNKNOWN', 'RUN_PIPELINE_OUTSIDE'],
  },
  'runs.get': {
    summary: 'Get a run with its steps',
    needs: ['read'],
    params: byId,
    answer: runDetailsSchema,
    errors: ['RUN_UNKNOWN'],
  },
  'runs.cancel': {
    summary: 'Ask a running run to stop',
    needs: ['operate'],
    params: byId,
    answer: runSchema,
    errors: ['RUN_UNKNOWN'],
  },
  ...queue,
  'queue.list': { ...queue['runs.queue.list'], deprecated: { since, successor: 'runs.queue.list' } },
  'queue.get': { ...queue['runs.queue.get'], deprecated: { since, successor: 'runs.queue.get' } },
  'queue.remove': { ...queue['runs.queue.remove'], deprecated: { since, successor: 'runs.queue.remove' } },
  'artifacts.list': {
    summary: 'List artifacts, newest first',
    needs: ['read'],
    query: artifactsQuerySchema,
    answer: pageSchema(storedArtifactSchema),
  },
  'artifacts.get': {
    summary: 'Get an artifact',
    needs: ['read'],
    params: byId,
    answer: storedArtifactSchema,
    errors: ['ARTIFACT_UNKNOWN'],
  },
  'lineage.get': {
    summary: 'Trace an artifact, a model version or a photo: what it came from, and what was made from it',
    needs: ['read'],
    query: lineageQuerySchema,
    answer: lineageSchema,
    errors: ['LINEAGE_NOT_FOUND'],
  },
} satisfies Routes<RouteIn<'runs' | 'queue' | 'artifacts' | 'lineage'>>;
