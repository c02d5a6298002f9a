import { queryOptions } from '@tanstack/react-query';
import type { AnswerOf } from '../../../src/client/index.ts';
import { client } from '../../app/client.ts';

export type Item = Awaited<AnswerOf<'review.undo'>>;

/** The one that is shown, and the next two, whose photos load meanwhile. */
export const claimed = 3;

export const claim = (endpoint: string | undefined) => client.review.nextFew(claimed, endpoint);

export const endpointsQuery = queryOptions({
  queryKey: ['endpoints', 'names'],
  queryFn: async () => (await client.endpoints.list({ limit: 500 })).items.map(({ name }) => name),
});

export const heatQuery = (request: string) =>
  queryOptions({
    queryKey: ['explanation', request],
    queryFn: () => client.requests.explanation(request),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

export const agreementQuery = (endpoint: string | undefined) =>
  queryOptions({
    queryKey: ['review', 'agreement', endpoint],
    queryFn: async () => (await client.review.agreement(endpoint ? { endpoint } : {})).items,
    staleTime: 300_000,
  });

const place = 'mitate.review.hidden';

/** Whether the model's opinion is hidden until one has answered; on this device. */
export function hidesOpinion(): boolean {
  try {
    return localStorage.getItem(place) !== 'no';
  } catch {
    return true;
  }
}

export function hideOpinion(isHidden: boolean): void {
  try {
    localStorage.setItem(place, isHidden ? 'yes' : 'no');
  } catch {
    // a private window
  }
}

/** Labels of the model that answered, in the same order for each of its photos. */
export const labelsOf = ({ probabilities }: Pick<Item, 'probabilities'>): string[] =>
  Object.keys(probabilities ?? {}).sort((a, b) => a.localeCompare(b));
