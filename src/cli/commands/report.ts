import type { Command } from 'commander';
import { reportPage } from '../../actions/workspace/report/page.ts';
import { makeReport } from '../../actions/workspace/report.ts';
import { action } from '../cli.ts';
import { withOutput } from '../options/output-option.ts';
import { durationOption } from '../options/parse-duration.ts';
import { plural } from '../output/plural.ts';
import { writeOutput } from '../output/write-output.ts';

export function registerReport(program: Command): void {
  const command = program
    .command('report')
    .description('write an HTML report of traffic, quality, drift, cost and runs of the project')
    .addOption(durationOption('--last <duration>', 'period of the report', '7d'));
  withOutput(command, { description: 'file to write', old: 'to', fallback: 'report.html' });
  action(command, async ({ inStore, output }, { last, output: to }: { last: number; output: string }) => {
    const report = await inStore((store) => makeReport(store, { lastMs: last, now: new Date() }));
    await writeOutput(to, reportPage(report));
    output.json({ file: to, ...report });
    const { traffic, runs, drift } = report;
    const photos = traffic.totals.reduce((sum, each) => sum + each.photos, 0);
    output.line(
      `Wrote ${to}: ${plural(photos, 'photo')}, ${plural(runs.length, 'run')}, ${plural(drift.alerts.length, 'alert')}`,
    );
  });
}
