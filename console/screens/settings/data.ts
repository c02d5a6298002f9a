import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { AnswerOf } from '../../../src/client/index.ts';
import { client } from '../../app/client.ts';

export type Person = Awaited<AnswerOf<'users.list'>>['items'][number];
export type Key = Awaited<AnswerOf<'keys.list'>>['items'][number];
export type Channel = Awaited<AnswerOf<'channels.list'>>['items'][number];
export type Endpoint = Awaited<AnswerOf<'endpoints.list'>>['items'][number];
export type AuditEntry = Awaited<AnswerOf<'audit.list'>>['items'][number];

export type LabelNames = Awaited<AnswerOf<'labels.list'>>['items'][number];

/** The server's most; more of these is not a list that somebody reads. */
const most = 500;

export const peopleQuery = queryOptions({
  queryKey: ['users'],
  queryFn: async () => (await client.users.list({ limit: most })).items,
});
export const sessionsQuery = (name: string) =>
  queryOptions({
    queryKey: ['users', name, 'sessions'],
    queryFn: async () => (await client.users.sessions(name, { limit: most })).items,
  });
export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: async () => (await client.keys.list({ limit: most })).items,
});
export const channelsQuery = queryOptions({
  queryKey: ['alerts', 'channels'],
  queryFn: async () => (await client.channels.list({ limit: most })).items,
});
export const deadQuery = (name: string) =>
  queryOptions({
    queryKey: ['alerts', 'channels', name, 'dead'],
    queryFn: async () => (await client.channels.dead(name, { limit: most })).items.length,
  });
export const endpointsQuery = queryOptions({
  queryKey: ['endpoints'],
  queryFn: async () => (await client.endpoints.list({ limit: most })).items,
});
/** Those of the newest data sets and models, and those that have a name. */
export const labelsQuery = queryOptions({
  queryKey: ['data', 'labels'],
  queryFn: async () => (await client.labels.list()).items,
});
export const maturityQuery = queryOptions({ queryKey: ['maturity'], queryFn: () => client.maturity() });

export const auditQuery = (filter: { who?: string | undefined; action?: string | undefined }) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam }) => client.audit.list({ ...filter, limit: 50, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
