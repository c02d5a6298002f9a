import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { reportPage } from '../../actions/report/page.ts';
import { makeReport } from '../../actions/report.ts';
import { withStore } from '../../actions/with-store.ts';
import { action } from '../cli.ts';
import { parseDuration } from '../parse-duration.ts';

const week = 7 * 86_400_000;

export function registerReport(program: Command): void {
  const command = program
    .command('report')
    .description('traffic, quality, drift, cost and runs of the project, as one HTML page')
    .option('--last <time>', 'how far back, such as 7d', parseDuration, week)
    .option('--to <file>', 'file to write', 'report.html');
  action(command, async ({ config, output }, { last, to }: { last: number; to: string }) => {
    const report = await withStore(config, { attach: true }, (store) =>
      makeReport(store, { lastMs: last, now: new Date() }),
    );
    await writeFile(to, reportPage(report));
    output.json({ file: to, ...report });
    const { traffic, runs, drift } = report;
    const photos = traffic.totals.reduce((sum, each) => sum + each.photos, 0);
    output.line(`${to}: ${photos} photos, ${runs.length} runs, ${drift.alerts.length} alerts`);
  });
}
