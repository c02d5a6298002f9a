import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { AnswerOf } from '../../../src/client/index.ts';
import { client } from '../../app/client.ts';

export type Run = Awaited<AnswerOf<'runs.list'>>['items'][number];
export type RunGraph = Awaited<AnswerOf<'runs.graph'>>;
export type RunStep = RunGraph['steps'][number];
export type Pipeline = Awaited<AnswerOf<'pipelines.graph'>>;
export type StepParameter = Pipeline['parameters'][number];
export type LogLine = Awaited<AnswerOf<'runs.log'>>['lines'][number];
export type RunComparison = Awaited<AnswerOf<'runs.compare'>>;

export const states = ['running', 'succeeded', 'failed', 'cancelled'] as const;
export type State = (typeof states)[number];
export const levels = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof levels)[number];

export const runsQuery = (filter: { pipeline?: string | undefined; state?: State | undefined }) =>
  infiniteQueryOptions({
    queryKey: ['runs', 'list', filter],
    queryFn: ({ pageParam }) => client.runs.list({ ...filter, limit: 50, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

export const queueQuery = queryOptions({ queryKey: ['runs', 'queue'], queryFn: () => client.runs.queue.list() });

export const pipelinesQuery = queryOptions({ queryKey: ['runs', 'pipelines'], queryFn: () => client.pipelines.list() });

export const pipelineQuery = (pipeline: string) =>
  queryOptions({
    queryKey: ['pipelines', pipeline],
    queryFn: () => client.pipelines.graph(pipeline),
    staleTime: 10_000,
  });

export const runQuery = (id: string) => queryOptions({ queryKey: ['runs', id], queryFn: () => client.runs.get(id) });

/** While it runs, its progress is asked for: hints come when a step ends. */
export const graphQuery = (id: string) =>
  queryOptions({
    queryKey: ['runs', id, 'graph'],
    queryFn: () => client.runs.graph(id),
    refetchInterval: ({ state }) => (state.data?.run.state === 'running' ? 1_500 : false),
  });

export const pageLines = 200;

/** Full pages never change. */
export const logPageQuery = (id: string, step: string, level: Level, page: number, isWhole: boolean) =>
  queryOptions({
    queryKey: ['log', id, step, level, page, isWhole],
    queryFn: () => client.runs.log(id, step, { level, after: page * pageLines, limit: pageLines }),
    staleTime: isWhole ? Number.POSITIVE_INFINITY : 0,
  });

/** How many lines there are now. */
export const logEndQuery = (id: string, step: string, level: Level) =>
  queryOptions({
    queryKey: ['log', id, step, level, 'end'],
    queryFn: () => client.runs.log(id, step, { level, last: 1 }),
    refetchInterval: ({ state }) => (state.data?.isOpen ? 1_500 : false),
  });

export const comparisonQuery = (runs: readonly string[]) =>
  queryOptions({
    queryKey: ['run-comparison', ...runs],
    queryFn: () => client.runs.compare(...runs),
    staleTime: Number.POSITIVE_INFINITY,
  });
