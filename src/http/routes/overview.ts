import { overview } from '../../actions/workspace/overview.ts';
import { defaultProject } from '../../contracts/access.ts';
import type { Overview } from '../../contracts/api/overview.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import type { Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { isServerAdmin } from '../principal.ts';

/** Many pages that ask at once read the database once. */
const freshMs = 2_000;

export function overviewHandlers({ backlog }: Pick<ApiContext, 'backlog'>): Handlers<RouteIn<'overview' | 'search'>> {
  const read = new Map<string, { atMs: number; overview: Promise<Overview> }>();
  return {
    'overview.get': async ({ store, principal, now }) => {
      const { project } = store;
      const seesServer = isServerAdmin(principal) || project === defaultProject;
      const key = `${seesServer} ${project}`;
      const known = read.get(key);
      const atMs = performance.now();
      if (known && atMs - known.atMs < freshMs) return await known.overview;
      const health = seesServer ? { backlog: backlog() } : null;
      const fresh = overview(store, { now, health });
      // --no-auth accepts any project name: bounds the cache
      if (read.size >= 1_000) read.clear();
      read.set(key, { atMs, overview: fresh });
      fresh.catch(() => read.delete(key));
      return await fresh;
    },
    'search.find': async ({ store, query }) => ({ hits: await store.reports.search(query.q) }),
  };
}
