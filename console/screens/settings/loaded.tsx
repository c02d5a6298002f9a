import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Fault } from '../../app/faults.tsx';

/** What a query found, or its fault; nothing while it is on its way the first time. */
export function Loaded<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  const { data, error, refetch } = query;
  if (data !== undefined) return children(data);
  return error ? <Fault error={error} retry={refetch} /> : null;
}
