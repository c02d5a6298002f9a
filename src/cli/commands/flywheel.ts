import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { z } from 'zod';
import { exportFlywheel } from '../../actions/datasets/flywheel/export.ts';
import { withStore } from '../../actions/with-store.ts';
import { feedbackSources } from '../../contracts/loop/feedback.ts';
import type { FlywheelExport, flywheelPolicySchema } from '../../contracts/loop/flywheel.ts';
import { reviewReasons } from '../../contracts/loop/review.ts';
import { actor } from '../access.ts';
import { action } from '../cli.ts';
import { moment } from '../output/moment.ts';
import type { Output } from '../output/output.ts';
import { wholeNumber } from './run.ts';

export function registerFlywheel(program: Command): void {
  const flywheel = program
    .command('flywheel')
    .description('labelled requests that become photos to train on: export, show');
  registerExport(flywheel);
  registerShow(flywheel);
}

type Policy = z.input<typeof flywheelPolicySchema>;
type ExportFlags = Partial<Omit<Policy, 'rename' | 'to'>> & { to: string; endpoint: string; rename?: string[] };

function registerExport(flywheel: Command): void {
  const command = flywheel
    .command('export')
    .description('make a new span of labelled requests: <to>/span-<n>, a folder per label')
    .requiredOption('--endpoint <name>', 'whose labelled requests')
    .requiredOption('--to <folder>', 'folder of the spans')
    .option('--base <source...>', 'sources that train already: what looks like a photo of theirs is left out')
    .addOption(new Option('--sources <source...>', 'whose word is taken (default: all)').choices(feedbackSources))
    .addOption(
      new Option('--reasons <reason...>', 'why a label was asked for (default: all)').choices([
        ...reviewReasons,
        'unasked',
      ]),
    )
    .option('--min-confirmations <n>', 'people, or routes, that say the same', wholeNumber)
    .option('--no-verdicts', 'only photos with a label, not those of which a verdict tells what they show')
    .option('--new-classes', 'also labels that the model does not know')
    .option('--rename <label=name...>', 'label as people say it = label in the data set')
    .option('--min-new <n>', 'fewer new photos than this make no span (default: 1)', wholeNumber)
    .option('--max-photos <n>', 'most photos of the span (default: 1000)', wholeNumber)
    .option('--balance <factor>', 'most photos of a label, as a multiple of those of the rarest', Number);
  action(command, async ({ config, output, signal }, { to, base, rename, ...flags }: ExportFlags) => {
    const policy = {
      ...flags,
      to: resolve(to),
      base: (base ?? []).map((path) => resolve(path)),
      rename: pairs(rename),
    };
    const options = { now: new Date(), actor: actor(), signal };
    const made = await withStore(config, { attach: true }, (store) => exportFlywheel(config, store, policy, options));
    output.json(made);
    printExport(output, made);
  });
}

function pairs(rename: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    rename.map((pair) => {
      const [label, name, ...more] = pair.split('=');
      if (!label || !name || more.length > 0) throw new InvalidArgumentError(`"${pair}" is not <label>=<name>`);
      return [label, name];
    }),
  );
}

function printExport(output: Output, { span, path, photos, labels, leftOut }: FlywheelExport): void {
  const made =
    span === null ? `No span: ${photos} new photos are too few.` : `Span ${span}: ${photos} photos in ${path}`;
  output.line(made);
  for (const [label, count] of Object.entries(labels)) output.line(`  ${label}: ${count}`);
  const left = Object.entries(leftOut).map(([reason, count]) => `${count} ${reason}`);
  if (left.length > 0) output.note(`Left out: ${left.join(', ')}.`);
}

function registerShow(flywheel: Command): void {
  const command = flywheel
    .command('show')
    .description('spans that were made, newest first')
    .option('--endpoint <name>', 'only of this endpoint')
    .option('--last <n>', 'at most so many', wholeNumber, 20);
  action(command, async ({ config, output }, { endpoint, last }: { endpoint?: string; last: number }) => {
    const filter = { limit: last, ...(endpoint !== undefined && { endpoint }) };
    const spans = await withStore(config, { attach: true }, ({ flywheel: store }) => store.listSpans(filter));
    for (const span of spans) output.json(span);
    output.table(
      ['SPAN', 'FOLDER', 'ENDPOINT', 'PHOTOS', 'LABELS', 'MADE', 'BY', 'DIGEST'],
      spans.map(({ span, folder, endpoint: of, photos, labels, at, who, digest }) => [
        String(span),
        folder,
        of,
        String(photos),
        Object.entries(labels)
          .map(([label, count]) => `${label} ${count}`)
          .join(', '),
        moment(at),
        who,
        digest.slice(0, 12),
      ]),
    );
    if (spans.length === 0) output.note('No spans yet: mitate flywheel export.');
  });
}
