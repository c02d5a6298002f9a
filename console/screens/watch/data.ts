import { queryOptions } from '@tanstack/react-query';
import type { AnswerOf } from '../../../src/client/index.ts';
import { client } from '../../app/client.ts';

export type AlertAnswer = Awaited<AnswerOf<'alerts.list'>>['items'][number];
export type MonitorAnswer = Awaited<AnswerOf<'monitors.list'>>['items'][number];
export type ResultAnswer = Awaited<AnswerOf<'monitors.results'>>['items'][number];
export type TriggerAnswer = Awaited<AnswerOf<'triggers.list'>>['items'][number];
export type DryRunAnswer = Awaited<AnswerOf<'triggers.dryRun'>>;
export type BehaviourAnswer = Awaited<AnswerOf<'feedback.behaviour'>>['items'][number];

export const alertsQuery = queryOptions({
  queryKey: ['alerts', 'list'],
  queryFn: async () => (await client.alerts.list({ limit: 200 })).items,
});

export const monitorsQuery = queryOptions({
  queryKey: ['monitors', 'list'],
  queryFn: async () => (await client.monitors.list({ limit: 500 })).items,
});

/** Oldest first. */
export const resultsQuery = (monitor: string) =>
  queryOptions({
    queryKey: ['monitors', 'results', monitor],
    queryFn: async () => (await client.monitors.results(monitor, { limit: 200 })).items.toReversed(),
  });

export const triggersQuery = queryOptions({
  queryKey: ['triggers', 'list'],
  queryFn: async () => (await client.triggers.list({ limit: 200 })).items,
});

export const dryRunQuery = (name: string) =>
  queryOptions({
    queryKey: ['triggers', 'dry-run', name],
    queryFn: () => client.triggers.dryRun(name),
    staleTime: 60_000,
  });

export const behaviourQuery = queryOptions({
  queryKey: ['feedback', 'behaviour'],
  queryFn: async () =>
    (await client.feedback.behaviour({ from: new Date(Date.now() - 30 * 86_400_000).toISOString() })).items,
});

export const pipelinesQuery = queryOptions({
  queryKey: ['runs', 'pipelines'],
  queryFn: async () => [...new Set((await client.runs.list({ limit: 200 })).items.map(({ pipeline }) => pipeline))],
});
