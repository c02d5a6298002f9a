import { resolve } from 'node:path';
import type { Command } from 'commander';
import { exportFlywheel } from '../../actions/datasets/flywheel/export.ts';
import { commandOf, type NextRun, nextRun } from '../../actions/datasets/flywheel/next-run.ts';
import { listSpans } from '../../actions/datasets/spans.ts';
import type { FlywheelExport } from '../../contracts/loop/flywheel.ts';
import { action } from '../cli.ts';
import { acceptanceOf, withAcceptanceFlags } from '../options/flywheel-flags.ts';
import { withOldName } from '../options/old-name.ts';
import { withOutput } from '../options/output-option.ts';
import { wholeNumber } from '../options/parse-number.ts';
import { moment } from '../output/moment.ts';
import type { Output } from '../output/output.ts';
import { plural } from '../output/plural.ts';
import { safeText } from '../output/safe-text.ts';

export function registerFlywheel(program: Command): void {
  const flywheel = program.command('flywheel').description('turn labelled requests into training photos: export, show');
  registerExport(flywheel);
  registerShow(flywheel);
}

interface ExportFlags {
  endpoint: string;
  /** Folder of the spans. */
  output: string;
}

function registerExport(flywheel: Command): void {
  const command = flywheel
    .command('export')
    .description('export labelled requests as a new span: <folder>/span-<n>, a folder per label')
    .requiredOption('--endpoint <name>', 'endpoint to export from');
  withOutput(command, { description: 'folder of the spans', what: 'folder', required: true, old: 'to' });
  withAcceptanceFlags(command);
  action(command, async ({ config, inStore, output, signal, by }, flags: ExportFlags) => {
    const { base = [], ...accepted } = acceptanceOf(flags);
    const to = resolve(flags.output);
    const policy = { ...accepted, endpoint: flags.endpoint, to, base: base.map((path) => resolve(path)) };
    const options = { now: new Date(), actor: by.actor, signal };
    await inStore(async (store) => {
      const made = await exportFlywheel(config, store, policy, options);
      const next = made.span === null ? null : await nextRun(store, policy);
      output.json({ ...made, next: next && commandOf(next, process.cwd()) });
      printExport(output, made);
      if (next) printNext(output, next, policy.to);
    });
  });
}

function printNext(output: Output, next: NextRun, to: string): void {
  const { file, readsSpans } = next;
  if (readsSpans) output.line(`To train on it: ${commandOf(next, process.cwd())}`);
  else output.note(`${file} reads no spans. Add ${to}/span-{SPAN} to the sources of its ExampleGen, with span: 'all'.`);
}

function printExport(output: Output, { span, path, photos, labels, leftOut, sources }: FlywheelExport): void {
  const made =
    span === null
      ? `No span: only ${plural(photos, 'new photo')}.`
      : `Span ${span}: ${plural(photos, 'photo')} in ${path}`;
  output.line(made);
  for (const [label, count] of Object.entries(labels)) output.line(`  ${label}: ${count}`);
  if (photos > 0) {
    const from = Object.entries(sources).sort(([, a], [, b]) => b - a);
    const shares = from.map(([source, count]) => `${Math.round((100 * count) / photos)} % ${safeText(source)}`);
    output.line(`Labelled by: ${shares.join(', ')}`);
  }
  const left = Object.entries(leftOut).map(([reason, count]) => `${count} ${reason}`);
  if (left.length > 0) output.note(`Left out: ${left.join(', ')}.`);
}

function registerShow(flywheel: Command): void {
  const command = flywheel
    .command('show')
    .description('list exported spans, newest first')
    .option('--endpoint <name>', 'only this endpoint')
    .option('--limit <n>', 'maximum number of spans', wholeNumber, 20);
  withOldName(command, '--last <n>', { now: 'limit', parse: wholeNumber });
  action(command, async ({ inStore, output }, { endpoint, limit }: { endpoint?: string; limit: number }) => {
    const filter = { limit, ...(endpoint !== undefined && { endpoint }) };
    const spans = await inStore((store) => listSpans(store, filter));
    output.list(
      spans,
      'No spans yet. Create one with "mitate flywheel export".',
      ({ span, folder, endpoint: of, photos, labels, at, who, digest }) => ({
        '#SPAN': String(span),
        FOLDER: folder,
        ENDPOINT: of,
        '#PHOTOS': String(photos),
        LABELS: Object.entries(labels)
          .map(([label, count]) => `${label} ${count}`)
          .join(', '),
        CREATED: moment(at),
        BY: who,
        DIGEST: digest.slice(0, 12),
      }),
    );
  });
}
