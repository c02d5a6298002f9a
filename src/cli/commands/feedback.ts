import { type Command, Option } from 'commander';
import { type Added, addFeedback } from '../../actions/feedback/add.ts';
import { labelDelay } from '../../actions/feedback/feedback.ts';
import { importFeedback } from '../../actions/feedback/import.ts';
import { makeFeedbackLink, type RevokedLinks, revokeFeedbackLinks } from '../../actions/feedback/link.ts';
import { readPhoto } from '../../actions/read-photo.ts';
import { withStore } from '../../actions/with-store.ts';
import { dayMs } from '../../codecs/duration.ts';
import { outcomes, type UserEvent, userEvents } from '../../contracts/loop/behaviour.ts';
import {
  checkedFeedback,
  type Feedback,
  isLabel,
  type LinkQuestion,
  linkQuestions,
  sessionSchema,
} from '../../contracts/loop/feedback.ts';
import { MitateError } from '../../errors/index.ts';
import { action, type Cli } from '../cli.ts';
import { attributesOf, withAttributeFlags } from '../options/attribute-flags.ts';
import { durationOption, parseDuration } from '../options/parse-duration.ts';
import { parseNumber, wholeNumber } from '../options/parse-number.ts';
import { inPeriod, type PeriodFlags, withPeriod } from '../options/period.ts';
import { duration } from '../output/duration.ts';
import { moment } from '../output/moment.ts';
import { commandProgress } from '../output/progress-view.ts';
import { registerBehaviour } from './feedback-behaviour.ts';
import { registerExport, registerList } from './feedback-entries.ts';

export function registerFeedback(program: Command): void {
  const feedback = program
    .command('feedback')
    .description('manage feedback on predictions: add, import, export, list, behaviour, delay, link, unlink');
  registerAdd(feedback);
  registerImport(feedback);
  registerExport(feedback);
  registerList(feedback);
  registerBehaviour(feedback);
  registerDelay(feedback);
  registerLink(feedback);
  registerUnlink(feedback);
}

interface AddFlags {
  label?: string;
  newClass?: boolean;
  right?: boolean;
  wrong?: boolean;
  severity?: number;
  alsoShows?: string[];
  event?: string;
  value?: number;
  currency?: string;
  decisionTime?: number;
  outcome?: string;
  session?: string;
  instance?: number;
  note?: string;
  key?: string;
}

function registerAdd(feedback: Command): void {
  const command = feedback
    .command('add <id>')
    .description(
      'record feedback on a prediction, by its id; give one of --label, --right, --wrong, --event, --outcome',
    )
    .option('--label <label>', 'correct label')
    .option('--new-class', 'accept a label that the model lacks')
    .option('--right', 'the prediction was right')
    .option('--wrong', 'the prediction was wrong')
    .option('--event <name>', `${userEvents.join(', ')}, or a business event`)
    .option('--value <number>', 'value of the business event', parseNumber)
    .option('--currency <code>', 'currency of the value, such as EUR')
    .option('--decision-time <duration>', 'time from the answer to the decision, such as 4s', parseDuration)
    .addOption(new Option('--outcome <outcome>', 'whether what was done helped').choices(outcomes))
    .option('--session <id>', 'user session, which may cover several photos')
    .option('--instance <n>', 'if the id is that of an HTTP request: index of the photo in it, from 0', wholeNumber)
    .option('--note <text>', 'free text stored with the feedback')
    .option('--key <key>', 'idempotency key: a repeated call changes nothing');
  withAttributeFlags(command);
  action(command, async ({ inStore, output, by }, id: string, flags: AddFlags) => {
    const { instance, note, session, key: idempotencyKey } = flags;
    if (session !== undefined && !sessionSchema.safeParse(session).success)
      throw invalid('--session has 1 to 128 characters');
    const photo = instance === undefined ? { id } : { requestId: id, instance };
    const input = { photo, feedback: feedbackFrom(flags), note, session, idempotencyKey };
    const context = { actor: by.actor, source: 'api' as const, now: new Date() };
    const [added] = await inStore((store) => addFeedback(store, [input], context));
    output.json({ ...added!.entry, repeated: added!.repeated });
    const { truth, newClass } = added!.entry;
    const label = truth === null ? '' : ` The correct label is ${truth}${newClass ? ' (unknown to the model)' : ''}.`;
    output.line(added!.repeated ? 'Already recorded with this key.' : `${savedText(added!)}${label}`);
  });
}

function savedText({ entry, verdict }: Added): string {
  return isLabel(entry) ? `Feedback saved; the prediction was ${verdict}.` : 'Feedback saved.';
}

const invalid = (reason: string) =>
  new MitateError('PARAMETER_INVALID', { where: 'feedback', reason, command: 'feedback add' });

function feedbackFrom({ label, newClass = false, right, wrong, event, outcome, ...more }: AddFlags): Feedback {
  const { value = null, currency = null, decisionTime: decisionMs = null } = more;
  const given = [label !== undefined, right, wrong, event !== undefined, outcome !== undefined].filter(Boolean).length;
  if (given !== 1) throw invalid('give one of --label, --right, --wrong, --event and --outcome');
  if (newClass && label === undefined) throw invalid('--new-class needs --label');
  const attributes = attributesOf(more, 'feedback add');
  if (attributes !== null && label === undefined) throw invalid('--severity and --also-shows need --label');
  const isUserEvent = userEvents.includes(event as UserEvent);
  const isBusiness = event !== undefined && !isUserEvent;
  if (event === undefined && value !== null) throw invalid('--value needs --event');
  if (isUserEvent && value !== null) throw invalid(`${event} takes no value`);
  if (currency !== null && !isBusiness) throw invalid('--currency needs a business event with a --value');
  if (decisionMs !== null && !isUserEvent) throw invalid('--decision-time needs one of the user events');
  if (label !== undefined) return checked({ kind: 'label', label, newClass, attributes });
  if (outcome !== undefined) return checked({ kind: 'outcome', outcome });
  if (event === undefined) return { kind: 'verdict', verdict: right ? 'right' : 'wrong' };
  return checked(isBusiness ? { kind: 'business', event, value, currency } : { kind: 'event', event, decisionMs });
}

function checked(given: object): Feedback {
  const feedback = checkedFeedback(given);
  if (typeof feedback === 'string') throw invalid(feedback);
  return feedback;
}

function registerImport(feedback: Command): void {
  const command = feedback
    .command('import <file>')
    .description(
      'import a CSV or JSON Lines file with request_id and label, verdict, event (with value) or outcome; repeating it adds nothing',
    )
    .option('--report <file>', 'CSV file to write refused rows and reasons to');
  action(command, async ({ config, output, signal, by, give }, file: string, flags: { report?: string }) => {
    const progress = commandProgress(output, config.terminal, { name: 'import', unit: 'lines' });
    const options = { ...by, report: flags.report, signal, progress };
    const done = await withStore(config, { attach: 'server' }, (store) => importFeedback(store, file, options));
    if (flags.report !== undefined) await give(flags.report);
    output.json(done);
    const count = (n: number) => n.toLocaleString('en');
    if (done.refused > 0) {
      output.table(
        ['#LINE', 'REQUEST', 'REASON'],
        done.firstRefused.map(({ line, request, message }) => [line, request, message]),
      );
      output.line();
    }
    output.line(
      `${count(done.rows)} rows: ${count(done.added)} added, ${count(done.repeated)} already recorded, ${count(done.refused)} refused`,
    );
    if (done.refused === 0) return;
    if (flags.report === undefined && done.refused > done.firstRefused.length)
      output.note('Use --report <file> to write all refused rows.');
    return done.added + done.repeated === 0 ? 1 : 0;
  });
}

function registerDelay(feedback: Command): void {
  const command = feedback
    .command('delay')
    .description('show how long labels take to arrive')
    .option('--endpoint <name>', 'only this endpoint');
  withPeriod(command, 'predictions');
  action(command, async ({ inStore, output, by }, flags: PeriodFlags & { endpoint?: string }) => {
    const delay = await inStore((store) => labelDelay(store, inPeriod(flags, by.now)));
    output.json(delay);
    const share = delay.answered === 0 ? '' : ` (${((100 * delay.labelled) / delay.answered).toFixed(1)} %)`;
    output.line(
      `${delay.labelled.toLocaleString('en')} of ${delay.answered.toLocaleString('en')} predictions have a label${share}.`,
    );
    if (delay.medianS !== null)
      output.line(
        `Time from prediction to first label: median ${duration(delay.medianS)}, p90 ${duration(delay.p90S!)}.`,
      );
  });
}

function registerLink(feedback: Command): void {
  const command = feedback
    .command('link <id>')
    .description(
      'create a signed link to a feedback page for one prediction, or to its diagnosis; opening it needs no key',
    )
    .addOption(
      new Option(
        '--ask <question>',
        'what the page asks: whether the answer was right, whether the treatment helped, or nothing (it shares photo, answer and heat map)',
      )
        .choices(linkQuestions)
        .default('answer'),
    )
    .addOption(durationOption('--expires <duration>', 'link validity', '14d'))
    .option(
      '--photo <file>',
      'the photo that was sent, if the endpoint did not keep it; stored while the link is valid',
    )
    .option('--url <url>', 'public URL of the server, to print the full link');
  type Flags = { ask: LinkQuestion; expires: number; photo?: string; url?: string };
  action(command, async ({ inStore, output, by }: Cli, id: string, flags: Flags) => {
    const photo = flags.photo === undefined ? {} : { photo: await readPhoto(flags.photo) };
    const options = { ask: flags.ask, days: flags.expires / dayMs, ...by, ...photo };
    const link = await inStore((store) => makeFeedbackLink(store, id, options));
    output.json(link);
    output.line(`${flags.url?.replace(/\/+$/, '') ?? ''}${link.path}`);
    output.note(`Valid until ${moment(link.expiresAt)}.`);
    if (!link.photoKept)
      output.note('The photo is not stored, so that the page does not show it; --photo <file> adds it.');
  });
}

function registerUnlink(feedback: Command): void {
  const command = feedback
    .command('unlink [link]')
    .description('revoke a feedback link (its URL, path or token), or all links made so far; give one of the three')
    .option('--request <id>', 'all links to this prediction')
    .option('--endpoint <name>', 'all links to predictions of this endpoint');
  type Flags = { request?: string; endpoint?: string };
  action(command, async ({ inStore, output, by }: Cli, link: string | undefined, { request, endpoint }: Flags) => {
    const given: RevokedLinks[] = [
      ...(link === undefined ? [] : [{ link }]),
      ...(request === undefined ? [] : [{ id: request }]),
      ...(endpoint === undefined ? [] : [{ endpoint }]),
    ];
    const [which] = given;
    if (which === undefined || given.length > 1)
      throw new MitateError('PARAMETER_INVALID', {
        where: 'command line',
        reason: 'give a link, --request or --endpoint',
        command: 'feedback unlink',
      });
    const revoked = await inStore((store) => revokeFeedbackLinks(store, which, by));
    output.json(revoked);
    output.line(`Revoked ${revoked.kind === 'link' ? 'the link' : `all links made so far`} to ${revoked.of}.`);
  });
}
