import { type Command, InvalidArgumentError, Option } from 'commander';
import { addFeedback } from '../../actions/feedback/add.ts';
import { importFeedback } from '../../actions/feedback/import.ts';
import { makeFeedbackLink } from '../../actions/feedback/link.ts';
import { withStore } from '../../actions/with-store.ts';
import { dayMs } from '../../codecs/duration.ts';
import { type Feedback, type FeedbackEntry, type UserEvent, userEvents } from '../../contracts/loop/feedback.ts';
import { MitateError } from '../../errors/index.ts';
import { actor } from '../access.ts';
import { action, type Cli } from '../cli.ts';
import { durationOption, parseDuration } from '../options/parse-duration.ts';
import { duration } from '../output/duration.ts';
import { moment } from '../output/moment.ts';
import { wholeNumber } from './run.ts';

export function registerFeedback(program: Command): void {
  const feedback = program
    .command('feedback')
    .description('what people say of answers: add, import, list, delay, link');
  registerAdd(feedback);
  registerImport(feedback);
  registerList(feedback);
  registerDelay(feedback);
  registerLink(feedback);
}

interface AddFlags {
  label?: string;
  newClass?: boolean;
  right?: boolean;
  wrong?: boolean;
  event?: string;
  value?: number;
  instance?: number;
  note?: string;
  key?: string;
}

function registerAdd(feedback: Command): void {
  const command = feedback
    .command('add <id>')
    .description(
      'say something of one answered photo, by the id of its prediction; say one of label, right, wrong, event',
    )
    .option('--label <label>', 'what it shows')
    .option('--new-class', 'the model does not know the label, and it is meant so')
    .option('--right', 'the answer was right')
    .option('--wrong', 'the answer was wrong')
    .option('--event <name>', `${userEvents.join(', ')}, or an event of the business`)
    .option('--value <number>', 'what the event was worth', number)
    .option('--instance <n>', 'the id is of an HTTP request: place of the photo in it, from 0', wholeNumber)
    .option('--note <text>', 'for people')
    .option('--key <key>', 'idempotency key: said again, it changes nothing');
  action(command, async ({ config, output }, id: string, flags: AddFlags) => {
    const { instance, note, key: idempotencyKey } = flags;
    const photo = instance === undefined ? { id } : { requestId: id, instance };
    const input = { photo, says: saidBy(flags), note, idempotencyKey };
    const context = { actor: actor(), source: 'api' as const, now: new Date() };
    const [added] = await withStore(config, { attach: true }, (store) => addFeedback(store, [input], context));
    output.json({ ...added!.entry, repeated: added!.repeated });
    const { truth, newClass } = added!.entry;
    const means =
      truth === null ? '' : ` The right answer is ${truth}${newClass ? ', which the model does not know' : ''}.`;
    output.line(added!.repeated ? 'It was said before, under this key.' : `Noted: ${added!.verdict}.${means}`);
  });
}

function saidBy({
  label,
  newClass = false,
  right,
  wrong,
  event,
  value = null,
}: Omit<AddFlags, 'value'> & { value?: number | null }): Feedback {
  const given = [label !== undefined, right, wrong, event !== undefined].filter(Boolean).length;
  const refuse = (reason: string) =>
    new MitateError('PARAMETER_INVALID', { where: 'feedback', reason, command: 'feedback add' });
  if (given !== 1) throw refuse('say one of --label, --right, --wrong and --event');
  if (value !== null && event === undefined) throw refuse('--value belongs to --event');
  if (newClass && label === undefined) throw refuse('--new-class belongs to --label');
  if (label !== undefined) return { kind: 'label', label, newClass };
  if (event === undefined) return { kind: 'verdict', verdict: right ? 'right' : 'wrong' };
  if (!userEvents.includes(event as UserEvent)) return { kind: 'business', event, value };
  if (value !== null) throw refuse(`${event} has no value`);
  return { kind: 'event', event: event as UserEvent };
}

function registerImport(feedback: Command): void {
  const command = feedback
    .command('import <file>')
    .description(
      'take a CSV file: request_id, and label, verdict or event (with value); the same file again adds nothing',
    )
    .option('--report <file>', 'CSV file to write: each row that was not taken, and why');
  action(command, async ({ config, output, signal }, file: string, flags: { report?: string }) => {
    const options = { actor: actor(), now: new Date(), report: flags.report, signal };
    const done = await withStore(config, { attach: 'server' }, (store) => importFeedback(store, file, options));
    output.json(done);
    const count = (n: number) => n.toLocaleString('en');
    output.line(
      `${count(done.rows)} rows: ${count(done.added)} added, ${count(done.repeated)} known, ${count(done.refused)} refused`,
    );
    if (done.refused === 0) return;
    output.table(
      ['#LINE', 'REQUEST', 'WHY'],
      done.firstRefused.map(({ line, request, message }) => [line, request, message]),
    );
    if (flags.report === undefined && done.refused > done.firstRefused.length)
      output.note('--report <file> writes all refused rows.');
    return done.added + done.repeated === 0 ? 1 : 0;
  });
}

interface ListFlags {
  endpoint?: string;
  request?: string;
  kind?: FeedbackEntry['kind'];
  newClass?: boolean;
  limit: number;
}

function registerList(feedback: Command): void {
  const command = feedback
    .command('list', { isDefault: true })
    .description('what was said, newest first; corrected words too')
    .option('--endpoint <name>', 'of this endpoint only')
    .option('--request <id>', 'of this photo only: its history')
    .addOption(new Option('--kind <kind>', 'of this kind only').choices(['label', 'verdict', 'event', 'business']))
    .option('--new-class', 'labels that the model does not know only')
    .option('--limit <n>', 'at most so many', wholeNumber, 20);
  action(command, async ({ config, output }, flags: ListFlags) => {
    const found = await withStore(config, { attach: true }, (store) => store.feedback.list(flags));
    for (const each of found) output.json(each);
    if (found.length === 0) return output.line('Nothing was said.');
    output.table(
      ['REQUEST', 'SAID', 'RIGHT ANSWER', 'VALUE', 'BY', 'SOURCE', 'TIME'],
      found.map(({ request, label, verdict, event, truth, newClass, value, who, source, at }) => [
        request,
        label ?? verdict ?? event,
        newClass ? `${truth} (new)` : truth,
        value,
        who,
        source,
        moment(at),
      ]),
    );
  });
}

function registerDelay(feedback: Command): void {
  const command = feedback
    .command('delay')
    .description('how long labels took to come back')
    .option('--endpoint <name>', 'of this endpoint only')
    .option('--last <time>', 'of photos answered in that time, such as 30d', parseDuration);
  action(command, async ({ config, output }, flags: { endpoint?: string; last?: number }) => {
    const from = flags.last === undefined ? {} : { from: new Date(Date.now() - flags.last) };
    const filter = { ...(flags.endpoint !== undefined && { endpoint: flags.endpoint }), ...from };
    const delay = await withStore(config, { attach: true }, (store) => store.feedback.delay(filter));
    output.json(delay);
    const share = delay.answered === 0 ? '' : ` (${((100 * delay.labelled) / delay.answered).toFixed(1)} %)`;
    output.line(
      `${delay.labelled.toLocaleString('en')} of ${delay.answered.toLocaleString('en')} answers have a label${share}.`,
    );
    if (delay.medianS !== null)
      output.line(
        `From answer to first word: median ${duration(delay.medianS)}, nine in ten within ${duration(delay.p90S!)}.`,
      );
  });
}

function registerLink(feedback: Command): void {
  const command = feedback
    .command('link <id>')
    .description('a signed link to a page that asks whether one answer was right; it needs no key')
    .addOption(durationOption('--expires <time>', 'how long it is good', '14d'))
    .option('--url <url>', 'address that people reach the server by, to print the whole link');
  action(command, async ({ config, output }: Cli, id: string, flags: { expires: number; url?: string }) => {
    const options = { days: flags.expires / dayMs, actor: actor(), now: new Date() };
    const link = await withStore(config, { attach: true }, (store) => makeFeedbackLink(store, id, options));
    output.json(link);
    output.line(`${flags.url?.replace(/\/+$/, '') ?? ''}${link.path}`);
    output.note(`Good until ${moment(link.expiresAt)}.`);
  });
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Write a number.');
  return value;
}
