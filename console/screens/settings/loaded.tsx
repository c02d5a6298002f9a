import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Fault } from '../../app/faults.tsx';
import { Waiting } from '../../app/shell.tsx';

/** What a query found, or its fault. */
export function Loaded<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  const { data, error, refetch } = query;
  if (data !== undefined) return children(data);
  return error ? <Fault error={error} retry={refetch} /> : <Waiting />;
}
