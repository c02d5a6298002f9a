import { queryOptions } from '@tanstack/react-query';
import { client } from './client.ts';

/** Photos that wait for a label, of one endpoint or all. */
export const waitingQuery = (endpoint?: string) =>
  queryOptions({
    queryKey: ['review', 'waiting', endpoint],
    queryFn: async () => (await client.review.list({ limit: 1, ...(endpoint !== undefined && { endpoint }) })).total,
  });
