import { labelAgreementInChildProcess } from '../../actions/datasets/in-child-process.ts';
import { maturity } from '../../actions/workspace/maturity.ts';
import { reportPage, reportPolicy } from '../../actions/workspace/report/page.ts';
import { makeReport } from '../../actions/workspace/report.ts';
import { durationMs } from '../../codecs/duration.ts';
import type { RouteIn } from '../../contracts/api/route.ts';
import type { Handlers } from '../add-routes.ts';
import type { ApiContext } from '../context.ts';

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
