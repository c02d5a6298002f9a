import { queryOptions, useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useLanguage } from './choices.ts';
import { client } from './client.ts';
import { useMay } from './session.tsx';

export const labelNamesQuery = queryOptions({
  queryKey: ['data', 'label-names'],
  queryFn: async () =>
    new Map((await client.labels.list({ named: 'true' })).items.map(({ label, ...names }) => [label, names])),
});

/** What people read instead of a label, in their language; a label without a name is shown as it is. */
export function useLabelName(): (label: string) => string {
  const language = useLanguage();
  const { data: names } = useQuery({ ...labelNamesQuery, enabled: useMay()('read') });
  return useCallback((label) => names?.get(label)?.[language] ?? label, [names, language]);
}
