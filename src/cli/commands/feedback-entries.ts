import { type Command, Option } from 'commander';
import { exportFeedback, type FeedbackFormat, feedbackFormats } from '../../actions/feedback/export.ts';
import { listFeedback } from '../../actions/feedback/feedback.ts';
import { withStore } from '../../actions/with-store.ts';
import type { FeedbackEntry } from '../../contracts/loop/feedback.ts';
import { action } from '../cli.ts';
import { parseInstant } from '../options/parse-instant.ts';
import { wholeNumber } from '../options/parse-number.ts';
import { moment } from '../output/moment.ts';

interface FilterFlags {
  endpoint?: string;
  request?: string;
  kind?: FeedbackEntry['kind'];
  newClass?: boolean;
  from?: Date;
  to?: Date;
}

function filtered(command: Command): Command {
  return command
    .option('--endpoint <name>', 'only this endpoint')
    .option('--request <id>', 'only this request')
    .addOption(new Option('--kind <kind>', 'only this kind').choices(['label', 'verdict', 'event', 'business']))
    .option('--new-class', 'only labels that the model lacks')
    .option('--from <time>', 'given at this time or later, such as 2026-11-23 or 2026-11-23T14:00:00Z', parseInstant)
    .option('--to <time>', 'given before this time', parseInstant);
}

export function registerList(feedback: Command): void {
  const command = filtered(
    feedback
      .command('list', { isDefault: true })
      .description('list feedback, newest first, including corrected entries'),
  ).option('--limit <n>', 'maximum number of entries', wholeNumber, 20);
  action(command, async ({ inStore, output }, flags: FilterFlags & { limit: number }) => {
    const found = await inStore((store) => listFeedback(store, flags));
    output.list(
      found,
      'No feedback.',
      ({ request, label, verdict, event, truth, newClass, value, who, source, at }) => ({
        REQUEST: request,
        FEEDBACK: label ?? verdict ?? event,
        'CORRECT LABEL': newClass ? `${truth} (new)` : truth,
        VALUE: value,
        BY: who,
        SOURCE: source,
        TIME: moment(at),
      }),
    );
  });
}

export function registerExport(feedback: Command): void {
  const command = filtered(
    feedback
      .command('export <file>')
      .description('export feedback to a file that "feedback import" reads, oldest first, including corrected entries'),
  ).addOption(new Option('--format <format>', 'file format').choices(feedbackFormats).default('csv'));
  type Flags = FilterFlags & { format: FeedbackFormat };
  action(command, async ({ config, output, signal }, file: string, flags: Flags) => {
    const options = { ...flags, signal };
    const exported = await withStore(config, { attach: 'server' }, (store) => exportFeedback(store, file, options));
    output.json(exported);
    output.line(
      `Wrote ${exported.rows.toLocaleString('en')} ${exported.rows === 1 ? 'entry' : 'entries'} to ${exported.path}`,
    );
  });
}
