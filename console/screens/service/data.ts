import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { AnswerOf, QueryOf } from '../../../src/client/index.ts';
import { client } from '../../app/client.ts';

export type EndpointAnswer = Awaited<AnswerOf<'endpoints.get'>>;
export type SeriesAnswer = Awaited<AnswerOf<'endpoints.series'>>;
export type RequestAnswer = Awaited<AnswerOf<'requests.get'>>;
export type PromotionAnswer = Awaited<AnswerOf<'promotions.get'>>;
export type TimelineAnswer = Awaited<AnswerOf<'endpoints.timeline'>>['items'][number];
export type RequestFilter = Omit<QueryOf<'requests.count'>, 'endpoint'>;

export const endpointsQuery = queryOptions({
  queryKey: ['endpoints', 'list'],
  queryFn: async () => (await client.endpoints.list({ limit: 500 })).items,
});

export const spans = { day: 1, week: 7, month: 30, year: 365 } as const;
export type Span = keyof typeof spans;

export const seriesQuery = (endpoint: string, span: Span) =>
  queryOptions({
    queryKey: ['requests', 'series', endpoint, span],
    queryFn: () =>
      client.endpoints.series(endpoint, { from: new Date(Date.now() - spans[span] * 86_400_000).toISOString() }),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });

export const requestsQuery = (endpoint: string, filter: RequestFilter) =>
  infiniteQueryOptions({
    queryKey: ['requests', 'list', endpoint, filter],
    queryFn: ({ pageParam }) =>
      client.requests.list({ endpoint, ...filter, limit: 50, ...(pageParam !== null && { cursor: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

export const countQuery = (endpoint: string, filter: RequestFilter) =>
  queryOptions({
    queryKey: ['requests', 'count', endpoint, filter],
    queryFn: () => client.requests.count({ endpoint, ...filter }),
  });

export const requestQuery = (id: string) =>
  queryOptions({ queryKey: ['requests', 'one', id], queryFn: () => client.requests.get(id) });

export const explanationQuery = (id: string) =>
  queryOptions({
    queryKey: ['explanation', id],
    queryFn: () => client.requests.explanation(id),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

/** Newest of the endpoint; null = none yet. */
export const promotionQuery = (endpoint: string) =>
  queryOptions({
    queryKey: ['promotions', 'of', endpoint],
    queryFn: async () => {
      const [newest] = (await client.promotions.list({ endpoint, limit: 1 })).items;
      return newest ? await client.promotions.get(newest.id) : null;
    },
    refetchInterval: 10_000,
  });

export const disagreementsQuery = (id: string) =>
  queryOptions({
    queryKey: ['promotions', 'disagreements', id],
    queryFn: () => client.promotions.disagreements(id),
    retry: false,
  });

export const timelineQuery = (endpoint: string) =>
  queryOptions({
    queryKey: ['endpoints', 'timeline', endpoint],
    queryFn: async () => (await client.endpoints.timeline(endpoint, { limit: 50 })).items,
  });
