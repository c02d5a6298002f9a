import { queryOptions } from '@tanstack/react-query';
import type { AnswerOf } from '../../../src/client/index.ts';
import { client } from '../../app/client.ts';

export type WhyAnswer = Awaited<AnswerOf<'alerts.why'>>;

export const whyQuery = (alert: string) =>
  queryOptions({ queryKey: ['alerts', 'why', alert], queryFn: () => client.alerts.why(alert) });

/** A row per photo that moved it: the photo, then its nearest training photos. */
export const gridQuery = (alert: string) =>
  queryOptions({
    queryKey: ['alert-grid', alert],
    queryFn: () => client.alerts.grid(alert),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

export const triggersQuery = queryOptions({
  queryKey: ['triggers', 'list'],
  queryFn: async () => (await client.triggers.list({ limit: 200 })).items,
});
