import { labelAgreementInChildProcess } from '../../actions/datasets/in-child-process.ts';
import { maturity } from '../../actions/workspace/maturity.ts';
import { overview } from '../../actions/workspace/overview.ts';
import { reportPage, reportPolicy } from '../../actions/workspace/report/page.ts';
import { makeReport } from '../../actions/workspace/report.ts';
import { search } from '../../actions/workspace/search.ts';
import { durationMs } from '../../codecs/duration.ts';
import { defaultProject } from '../../contracts/access.ts';
import type { Overview } from '../../contracts/api/overview.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import type { Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';
import { isServerAdmin } from '../principal.ts';

export function reportHandlers({ config }: ApiContext): Handlers<RouteIn<'reports'>> {
  return {
    'reports.html': async ({ store, query, now }) => {
      const report = await makeReport(store, {
        lastMs: durationMs(query.last) ?? 0,
        now,
        agreement: (filter) => labelAgreementInChildProcess(config, store, filter),
      });
      return {
        bytes: reportPage(report),
        type: 'text/html; charset=utf-8',
        headers: { 'content-security-policy': `${reportPolicy}; frame-ancestors 'none'` },
      };
    },
    'reports.maturity': async ({ store, now }) => await maturity(store, now),
  };
}

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
    'search.find': async ({ store, query }) => ({ hits: await search(store, query.q) }),
  };
}
