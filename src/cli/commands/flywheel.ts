import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { z } from 'zod';
import { exportFlywheel } from '../../actions/datasets/flywheel/export.ts';
import { commandOf, type NextRun, nextRun } from '../../actions/datasets/flywheel/next-run.ts';
import { listSpans } from '../../actions/datasets/spans.ts';
import { feedbackSources } from '../../contracts/loop/feedback.ts';
import type { FlywheelExport, flywheelPolicySchema } from '../../contracts/loop/flywheel.ts';
import { reviewReasons } from '../../contracts/loop/review.ts';
import { action } from '../cli.ts';
import { wholeNumber } from '../options/parse-number.ts';
import { moment } from '../output/moment.ts';
import type { Output } from '../output/output.ts';
import { plural } from '../output/plural.ts';

export function registerFlywheel(program: Command): void {
  const flywheel = program.command('flywheel').description('turn labelled requests into training photos: export, show');
  registerExport(flywheel);
  registerShow(flywheel);
}

type Policy = z.input<typeof flywheelPolicySchema>;
type ExportFlags = Partial<Omit<Policy, 'rename' | 'to'>> & { to: string; endpoint: string; rename?: string[] };

function registerExport(flywheel: Command): void {
  const command = flywheel
    .command('export')
    .description('export labelled requests as a new span: <to>/span-<n>, a folder per label')
    .requiredOption('--endpoint <name>', 'endpoint to export from')
    .requiredOption('--to <folder>', 'folder of the spans')
    .option('--base <source...>', 'existing training sources; near duplicates of their photos are left out')
    .addOption(new Option('--sources <source...>', 'accepted feedback sources (default: all)').choices(feedbackSources))
    .addOption(
      new Option('--reasons <reason...>', 'accepted reasons for review (default: all)').choices([
        ...reviewReasons,
        'unasked',
      ]),
    )
    .option('--min-confirmations <n>', 'people or sources that must agree', wholeNumber)
    .option('--no-verdicts', 'use only labels, not labels inferred from verdicts')
    .option('--new-classes', 'include labels that the model lacks')
    .option('--rename <label=name...>', 'rename a label of the feedback to a label of the data set')
    .option('--min-new <n>', 'minimum number of new photos for a span (default: 1)', wholeNumber)
    .option('--max-photos <n>', 'maximum number of photos in the span (default: 1000)', wholeNumber)
    .option('--balance <factor>', 'maximum number of photos per label, as a multiple of the rarest label', Number);
  action(command, async ({ config, inStore, output, signal, by }, { to, base, rename, ...flags }: ExportFlags) => {
    const policy = {
      ...flags,
      to: resolve(to),
      base: (base ?? []).map((path) => resolve(path)),
      rename: pairs(rename),
    };
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

function pairs(rename: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    rename.map((pair) => {
      const [label, name, ...more] = pair.split('=');
      if (!label || !name || more.length > 0) throw new InvalidArgumentError(`Expected <label>=<name>, got "${pair}".`);
      return [label, name];
    }),
  );
}

function printExport(output: Output, { span, path, photos, labels, leftOut }: FlywheelExport): void {
  const made =
    span === null
      ? `No span: only ${plural(photos, 'new photo')}.`
      : `Span ${span}: ${plural(photos, 'photo')} in ${path}`;
  output.line(made);
  for (const [label, count] of Object.entries(labels)) output.line(`  ${label}: ${count}`);
  const left = Object.entries(leftOut).map(([reason, count]) => `${count} ${reason}`);
  if (left.length > 0) output.note(`Left out: ${left.join(', ')}.`);
}

function registerShow(flywheel: Command): void {
  const command = flywheel
    .command('show')
    .description('list exported spans, newest first')
    .option('--endpoint <name>', 'only this endpoint')
    .option('--last <n>', 'maximum number of spans', wholeNumber, 20);
  action(command, async ({ inStore, output }, { endpoint, last }: { endpoint?: string; last: number }) => {
    const filter = { limit: last, ...(endpoint !== undefined && { endpoint }) };
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
