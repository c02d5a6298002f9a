import { z } from 'zod';
import { storedArtifactSchema } from '../../artifact.ts';
import { queuedRunSchema } from '../../run-order.ts';
import { lineageQuerySchema, lineageSchema } from '../lineage.ts';
import { pageSchema } from '../page.ts';
import type { RouteIn, Routes } from '../route.ts';
import { compareRunsQuerySchema, runComparisonSchema } from '../run-comparison.ts';
import {
  artifactsQuerySchema,
  describeRunSchema,
  pipelineGraphSchema,
  pipelineSummarySchema,
  runDetailsSchema,
  runGraphSchema,
  runSchema,
  runsQuerySchema,
  startRunSchema,
  stepLogQuerySchema,
  stepLogSchema,
} from '../runs.ts';

const byId = z.object({ id: z.string().max(128).describe('Its id, the beginning of it, or "latest"') });
const byFullId = z.object({ id: z.uuid() });

const queue = {
  'runs.queue.list': {
    summary: 'List queued runs, oldest first',
    description: 'Runs that no worker has taken yet.',
    needs: ['read'],
    answer: z.array(queuedRunSchema),
  },
  'runs.queue.get': {
    summary: 'Get the state of a queued run',
    description:
      'Also of a run that has started or ended: then with the id of the run, or with the reason why it did not start.',
    needs: ['read'],
    params: byFullId,
    answer: queuedRunSchema,
    errors: ['RUN_UNKNOWN'],
  },
  'runs.queue.remove': {
    summary: 'Remove a run from the queue',
    description: 'Only while no worker has taken it. Use `runs.cancel` afterwards.',
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
    description: 'Every state, the runs of all pipelines of the project. Filter by pipeline, state or experiment.',
    needs: ['read'],
    query: runsQuerySchema,
    answer: pageSchema(runSchema),
  },
  'runs.compare': {
    summary: 'Compare runs, or model versions, side by side',
    description:
      'Parameters that differ, data sets, metrics with intervals, durations; and against the first run the paired difference of each metric on the test photos that both were evaluated on.',
    needs: ['read'],
    query: compareRunsQuerySchema,
    answer: runComparisonSchema,
    errors: ['RUN_NOT_FOUND', 'MODEL_NOT_FOUND', 'SERVER_BUSY'],
  },
  'runs.start': {
    summary: 'Queue a run; a worker starts it under the id in the response',
    description:
      "The pipeline is a file below the server's pipelines folder (MITATE_PIPELINES) or the name of a pipeline that has run here. Returns as soon as the run is queued; a `mitate worker` starts it. Places in `uri` parameters must be inside the data roots of the project (MITATE_DATA_ROOTS); relative ones are relative to the pipelines folder.",
    needs: ['operate'],
    body: startRunSchema,
    status: 202,
    answer: queuedRunSchema,
    errors: ['RUN_PIPELINE_UNKNOWN', 'RUN_PIPELINE_OUTSIDE'],
  },
  'runs.get': {
    summary: 'Get a run with its steps',
    description:
      'With its parameters, trigger and error, and the executions of its steps with their outputs and how long they took.',
    needs: ['read'],
    params: byId,
    answer: runDetailsSchema,
    errors: ['RUN_NOT_FOUND'],
  },
  'runs.describe': {
    summary: 'Set the experiment and the note of a run',
    description: 'In any state. What is absent stays; null clears it.',
    needs: ['operate'],
    params: byId,
    body: describeRunSchema,
    answer: runSchema,
    errors: ['RUN_NOT_FOUND', 'RUN_DESCRIPTION_EMPTY'],
  },
  'runs.cancel': {
    summary: 'Ask a running run to stop',
    description: 'The worker that runs it stops after at most a few seconds; steps that finished stay in the cache.',
    needs: ['operate'],
    params: byId,
    answer: runSchema,
    errors: ['RUN_NOT_FOUND', 'RUN_NOT_RUNNING'],
  },
  'runs.retry': {
    summary: 'Queue a run again, with the same file, parameters and seed',
    description:
      'What had finished comes from the cache, unless it changed: only what failed or was not reached runs. A worker starts it under the id in the response.',
    needs: ['operate'],
    params: byId,
    status: 202,
    answer: queuedRunSchema,
    errors: ['RUN_NOT_FOUND', 'RUN_WITHOUT_SOURCE'],
  },
  'runs.graph': {
    summary: 'Get the steps of a run as a graph',
    description:
      'Also steps that wait. Of each: state, progress, why it ran or came from the cache, what it cost, and what the cache saved; and what flows between them.',
    needs: ['read'],
    params: byId,
    answer: runGraphSchema,
    errors: ['RUN_NOT_FOUND'],
  },
  'runs.log': {
    summary: "Get lines of a step's log",
    description:
      'A window of at most 500 lines, oldest first. To follow it, ask again after the last line while `isOpen`. Lines are on the disk of the workspace: a worker with another disk leaves none.',
    needs: ['read'],
    params: byId.extend({ step: z.string().max(64) }),
    query: stepLogQuerySchema,
    answer: stepLogSchema,
    errors: ['RUN_NOT_FOUND', 'RUN_STEP_UNKNOWN'],
  },
  'pipelines.list': {
    summary: 'List pipelines that can be run',
    description:
      "Those that have run in the project, newest first, then files of the server's pipelines folder that have not.",
    needs: ['read'],
    answer: z.array(pipelineSummarySchema),
  },
  'pipelines.graph': {
    summary: 'Get parameters and steps of a pipeline',
    description:
      'As it would run now. By its name, or by its file in the pipelines folder (a slash as %2F). Code that has not run is loaded in a process of its own, for who may `operate`; others see it as it ran last.',
    needs: ['read'],
    params: z.object({ pipeline: z.string().max(1_024) }),
    answer: pipelineGraphSchema,
    errors: [
      'RUN_PIPELINE_UNKNOWN',
      'RUN_PIPELINE_OUTSIDE',
      'PIPELINE_FILE_INVALID',
      'RUN_CODE_ENDED',
      'RUN_MEMORY_EXCEEDED',
      'RELEASE_UNKNOWN',
      'SERVER_BUSY',
    ],
  },
  ...queue,
  'queue.list': { ...queue['runs.queue.list'], deprecated: { since, successor: 'runs.queue.list' } },
  'queue.get': { ...queue['runs.queue.get'], deprecated: { since, successor: 'runs.queue.get' } },
  'queue.remove': { ...queue['runs.queue.remove'], deprecated: { since, successor: 'runs.queue.remove' } },
  'artifacts.list': {
    summary: 'List artifacts, newest first',
    description: 'Outputs of steps: Examples, Model, ModelEvaluation and others. Filter by type, pipeline or run.',
    needs: ['read'],
    query: artifactsQuerySchema,
    answer: pageSchema(storedArtifactSchema),
  },
  'artifacts.get': {
    summary: 'Get an artifact',
    description: 'Its type, location, digest and properties, and the execution that made it.',
    needs: ['read'],
    params: byId,
    answer: storedArtifactSchema,
    errors: ['ARTIFACT_UNKNOWN'],
  },
  'lineage.get': {
    summary: 'Trace an artifact, a model version or a photo: what it came from, and what was made from it',
    description:
      'A graph of artifacts and executions. For a photo, all places in data sets and whether a model was trained on it.',
    needs: ['read'],
    query: lineageQuerySchema,
    answer: lineageSchema,
    errors: ['LINEAGE_NOT_FOUND'],
  },
} satisfies Routes<RouteIn<'runs' | 'pipelines' | 'queue' | 'artifacts' | 'lineage'>>;
