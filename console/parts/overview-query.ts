import { queryOptions } from '@tanstack/react-query';
import { client } from '../app/client.ts';

/** The loop in numbers. Of several topics: asked again on its own as well. */
export const overviewQuery = queryOptions({
  queryKey: ['runs', 'overview'],
  queryFn: () => client.overview(),
  refetchInterval: 10_000,
});
