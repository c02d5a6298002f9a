import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type AnswerOf, ApiError, type EvaluationAnswers, readAnswers } from '../../../src/client/index.ts';
import { client } from '../../app/client.ts';

export type Version = Awaited<AnswerOf<'models.versions'>>['items'][number];
export type ModelEvaluation = Awaited<AnswerOf<'models.evaluation'>>;
export type Evaluation = ModelEvaluation['evaluation'];
export type Endpoint = Awaited<AnswerOf<'endpoints.list'>>['items'][number];
export type EndpointEvent = Awaited<AnswerOf<'endpoints.timeline'>>['items'][number];
export type Comparison = Awaited<AnswerOf<'models.compare'>>;
export type ComparedPhoto = Comparison['items'][number];
export type Explanation = Awaited<AnswerOf<'models.explain'>>;
export type { EvaluationAnswers };

export const tabs = ['production', 'evaluation', 'threshold', 'compare'] as const;
export type Tab = (typeof tabs)[number];
export const photoGroups = ['changed', 'first-only', 'second-only', 'both-wrong'] as const;
export type PhotoGroup = (typeof photoGroups)[number];

/** Files of a version do not change. */
const always = { staleTime: Number.POSITIVE_INFINITY };

export const modelsQuery = queryOptions({
  queryKey: ['models', 'list'],
  queryFn: async () => (await client.models.list({ limit: 200 })).items,
});

export const versionsQuery = (name: string) =>
  queryOptions({
    queryKey: ['models', name, 'versions'],
    queryFn: async () => (await client.models.versions(name, { limit: 200 })).items,
  });

export const endpointsQuery = queryOptions({
  queryKey: ['endpoints', 'list'],
  queryFn: async () => (await client.endpoints.list({ limit: 200 })).items,
});

export const timelineQuery = (endpoint: string) =>
  queryOptions({
    queryKey: ['endpoints', endpoint, 'timeline'],
    queryFn: async () => (await client.endpoints.timeline(endpoint, { limit: 500 })).items,
  });

/** Null = it has none. */
export const evaluationQuery = (reference: string) =>
  queryOptions({
    queryKey: ['models', reference, 'evaluation'],
    queryFn: async () => {
      try {
        return await client.models.evaluation(reference);
      } catch (error) {
        if (error instanceof ApiError && error.code === 'MODEL_NOT_EVALUATED') return null;
        throw error;
      }
    },
  });

export const answersQuery = (reference: string) =>
  queryOptions({
    queryKey: ['answers', reference],
    queryFn: async () => readAnswers(await client.models.answers(reference)),
    structuralSharing: false,
    ...always,
  });

export const comparedQuery = (first: string, second: string, photos: PhotoGroup) =>
  infiniteQueryOptions({
    queryKey: ['compared', first, second, photos],
    queryFn: ({ pageParam }) =>
      client.models.compare({
        models: `${first},${second}`,
        photos,
        limit: 60,
        ...(pageParam && { cursor: pageParam }),
      }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    ...always,
  });

/** Null = the version has no heat maps. */
export const explanationQuery = (reference: string, sha256: string) =>
  queryOptions({
    queryKey: ['explanation', reference, sha256],
    queryFn: async () => {
      try {
        return await client.models.explain(reference, sha256);
      } catch (error) {
        if (error instanceof ApiError && error.code === 'MODEL_NOT_EXPLAINABLE') return null;
        throw error;
      }
    },
    ...always,
  });
