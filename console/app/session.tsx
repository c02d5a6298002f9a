import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { type AnswerOf, ApiError } from '../../src/client/index.ts';
import { choose, isChosenHere } from './choices.ts';
import { client } from './client.ts';

export type Me = Awaited<AnswerOf<'me.get'>>;
export type Permission = Me['permissions'][number];

/** Whoever is signed in; `anonymous` when nobody is. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async (): Promise<Me> => {
    try {
      const me = await client.me();
      // what was chosen on another device, once per sign-in here
      if (me.kind !== 'anonymous' && !isChosenHere()) choose(await client.preferences.get());
      return me;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return nobody;
      throw error;
    }
  },
  staleTime: 60_000,
});

const nobody: Me = {
  kind: 'anonymous',
  who: 'anonymous',
  project: 'default',
  permissions: [],
  projects: [],
  endpoints: [],
};

export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** What a role may not do is not shown as if it might: `const may = useMay(); may('operate') && <Button .../>`. */
export function useMay(): (permission: Permission) => boolean {
  const { permissions } = useMe();
  return (permission) => permissions.includes(permission);
}
