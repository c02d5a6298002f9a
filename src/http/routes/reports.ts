import { maturity } from '../../actions/workspace/maturity.ts';
import { reportPage, reportPolicy } from '../../actions/workspace/report/page.ts';
import { makeReport } from '../../actions/workspace/report.ts';
import { durationMs } from '../../codecs/duration.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import type { Handlers } from '../add-routes.ts';

export function reportHandlers(): Handlers<RouteIn<'reports'>> {
  return {
    'reports.html': async ({ store, query, now }) => {
      const report = await makeReport(store, { lastMs: durationMs(query.last) ?? 0, now });
      return {
        bytes: reportPage(report),
        type: 'text/html; charset=utf-8',
        headers: { 'content-security-policy': `${reportPolicy}; frame-ancestors 'none'` },
      };
    },
    'reports.maturity': async ({ store, now }) => await maturity(store, now),
  };
}
