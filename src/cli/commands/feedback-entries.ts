import { type Command, Option } from 'commander';
import { exportFeedback, type FeedbackFormat, feedbackFormats } from '../../actions/feedback/export.ts';
import { listFeedback } from '../../actions/feedback/feedback.ts';
import { withStore } from '../../actions/with-store.ts';
import { type FeedbackEntry, feedbackKinds } from '../../contracts/loop/feedback.ts';
import { action } from '../cli.ts';
import { wholeNumber } from '../options/parse-number.ts';
import { inPeriod, type PeriodFlags, withPeriod } from '../options/period.ts';
import { moment } from '../output/moment.ts';

interface FilterFlags extends PeriodFlags {
  endpoint?: string;
  request?: string;
  kind?: FeedbackEntry['kind'];
  newClass?: boolean;
}

function filtered(command: Command): Command {
  const named = command
    .option('--endpoint <name>', 'only this endpoint')
    .option('--request <id>', 'only this request')
    .addOption(new Option('--kind <kind>', 'only this kind').choices(feedbackKinds))
    .option('--new-class', 'only labels that the model lacks');
  return withPeriod(named, 'feedback');
}

export function registerList(feedback: Command): void {
  const command = filtered(
    feedback
      .command('list', { isDefault: true })
      .description('list feedback, newest first, including corrected entries'),
  ).option('--limit <n>', 'maximum number of entries', wholeNumber, 20);
  action(command, async ({ inStore, output, by }, flags: FilterFlags & { limit: number }) => {
    const found = await inStore((store) => listFeedback(store, inPeriod(flags, by.now)));
    output.list(
      found,
      'No feedback.',
      ({ request, label, verdict, event, truth, newClass, value, currency, session, who, source, at }) => ({
        REQUEST: request,
        FEEDBACK: label ?? verdict ?? event,
        'CORRECT LABEL': newClass ? `${truth} (new)` : truth,
        VALUE: currency === null ? value : `${value} ${currency}`,
        SESSION: session,
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
  action(command, async ({ config, output, signal, by, give }, file: string, flags: Flags) => {
    const options = { ...inPeriod(flags, by.now), signal };
    const exported = await withStore(config, { attach: 'server' }, (store) => exportFeedback(store, file, options));
    await give(exported.path);
    output.json(exported);
    output.line(
      `Wrote ${exported.rows.toLocaleString('en')} ${exported.rows === 1 ? 'entry' : 'entries'} to ${exported.path}`,
    );
  });
}
