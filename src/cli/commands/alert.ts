import { type Command, Option } from 'commander';
import {
  type AlertDetails,
  acknowledgeAlert,
  listAlerts,
  resolveAlert,
  showAlert,
  silenceAlert,
} from '../../actions/alerts/alert.ts';
import { alertGrid, alertPhotos } from '../../actions/alerts/photos.ts';
import { type Alert, type AlertState, alertStates } from '../../contracts/loop/alert.ts';
import { action } from '../cli.ts';
import { withOutput } from '../options/output-option.ts';
import { parseDuration } from '../options/parse-duration.ts';
import { wholeNumber } from '../options/parse-number.ts';
import { type Why, whyOption } from '../options/why.ts';
import { moment } from '../output/moment.ts';
import type { Output } from '../output/output.ts';
import { plural } from '../output/plural.ts';
import { writeOutput } from '../output/write-output.ts';

export function registerAlert(program: Command): void {
  const alert = program
    .command('alert')
    .description('manage alerts of monitors: list, show, ack, resolve, silence, photos');
  registerList(alert);
  registerShow(alert);
  registerAck(alert);
  registerResolve(alert);
  registerSilence(alert);
  registerPhotos(alert);
}

interface ListFlags {
  all?: boolean;
  state?: AlertState;
  endpoint?: string;
  limit: number;
}

function registerList(alert: Command): void {
  const command = alert
    .command('list', { isDefault: true })
    .description('list unresolved alerts, newest first')
    .option('--all', 'include resolved alerts')
    .addOption(new Option('--state <state>', 'only this state').choices(alertStates))
    .option('--endpoint <name>', 'only this endpoint')
    .option('--limit <n>', 'maximum number of alerts', wholeNumber, 50);
  action(command, async ({ inStore, output }, flags: ListFlags) => {
    const { all, state, endpoint, limit } = flags;
    const live = alertStates.filter((each) => each !== 'resolved');
    const states = state ? [state] : all ? alertStates : live;
    const found = await inStore((store) =>
      listAlerts(store, { states, limit, ...(endpoint !== undefined && { endpoint }) }),
    );
    output.list(found, emptyText(flags), (each) => ({
      ALERT: each.id,
      MONITOR: each.monitor,
      ENDPOINT: each.endpoint,
      SEVERITY: each.severity,
      STATE: each.state,
      SINCE: moment(each.since),
      FINDING: each.finding.said,
    }));
  });
}

function emptyText({ all, state, endpoint }: ListFlags): string {
  const what = state === undefined ? (all ? 'No alerts' : 'No unresolved alerts') : `No ${state} alerts`;
  return `${what}${endpoint === undefined ? '' : ` on ${endpoint}`}.`;
}

function registerShow(alert: Command): void {
  const command = alert
    .command('show <alert>')
    .description('show an alert, its remedy, timeline and deliveries; by id or monitor');
  action(command, async ({ inStore, output }, reference: string) => {
    const details = await inStore((store) => showAlert(store, reference));
    output.json(details);
    if (!output.options.json) printAlert(output, details);
  });
}

function printAlert(output: Output, { alert, deliveries }: AlertDetails): void {
  const { finding, silencedUntil } = alert;
  output.line(
    `${output.style('bold', alert.monitor)} on ${alert.endpoint} is ${alert.state}; severity ${alert.severity}.`,
  );
  if (silencedUntil) output.line(`Silenced until ${moment(silencedUntil)}.`);
  output.line(`${finding.said}, since ${moment(alert.since)}; last seen ${moment(alert.lastSeenAt)}.`);
  output.line(`Remedy: ${alert.remedy}`);
  if (finding.movers.length > 0)
    output.line(
      `Photos behind it: ${finding.movers.length}. To draw them: mitate alert photos ${alert.id} --to photos.png`,
    );
  output.line('');
  output.table(
    ['TIME', 'ACTOR', 'EVENT'],
    alert.timeline.map(({ at, who, what }) => [moment(new Date(at)), who, what]),
  );
  if (deliveries.length === 0) return;
  output.line('');
  output.table(
    ['CHANNEL', 'EVENT', 'STATE', '#ATTEMPTS', 'ERROR'],
    deliveries.map(({ channel, news, state, attempts, lastError }) => [channel, news, state, attempts, lastError]),
  );
}

function printState(output: Output, alert: Alert): void {
  output.json(alert);
  const until = alert.silencedUntil ? ` until ${moment(alert.silencedUntil)}` : '';
  output.line(`The ${alert.monitor} alert is ${alert.state}${until}.`);
}

function registerAck(alert: Command): void {
  const command = alert.command('ack <alert>').description('acknowledge an alert').addOption(whyOption());
  action(command, async ({ inStore, output, by }, reference: string, flags: Why) => {
    const changed = await inStore((store) => acknowledgeAlert(store, reference, { ...flags, ...by }));
    printState(output, changed);
  });
}

function registerResolve(alert: Command): void {
  const command = alert
    .command('resolve <alert>')
    .description('resolve an alert; the next breach of its monitor opens a new one')
    .addOption(whyOption());
  action(command, async ({ inStore, output, by }, reference: string, flags: Why) => {
    const changed = await inStore((store) => resolveAlert(store, reference, { ...flags, ...by }));
    printState(output, changed);
  });
}

function registerSilence(alert: Command): void {
  const command = alert
    .command('silence <alert>')
    .description('stop notifications of an alert for a while')
    .requiredOption('--for <duration>', 'such as 3d', parseDuration)
    .addOption(whyOption());
  action(command, async ({ inStore, output, by }, reference: string, flags: Why & { for: number }) => {
    const now = new Date();
    const until = new Date(now.getTime() + flags.for);
    const changed = await inStore((store) =>
      silenceAlert(store, reference, until, { why: flags.why, actor: by.actor, now }),
    );
    printState(output, changed);
  });
}

function registerPhotos(alert: Command): void {
  const command = alert
    .command('photos <alert>')
    .description('list the photos behind an alert, each with its nearest training photos');
  withOutput(command, { description: 'draw the photos to this PNG file', old: 'to' });
  action(command, async ({ inStore, output }, reference: string, { output: to }: { output?: string }) => {
    const { photos, png } = await inStore(async (store) => ({
      photos: await alertPhotos(store, reference),
      png: to === undefined ? null : await alertGrid(store, reference),
    }));
    output.json({ photos });
    if (photos.length === 0)
      return output.line('No photos: the monitor does not look at single photos, or they are no longer in the log.');
    if (to !== undefined && png) {
      await writeOutput(to, png);
      return output.line(`${to}: ${plural(photos.length, 'photo')}`);
    }
    output.table(
      ['REQUEST', 'ANSWER', '#PROBABILITY', 'PHOTO', 'NEAREST TRAINING PHOTOS'],
      photos.map(({ requestId, label, probability, isKept, nearest }) => [
        requestId,
        label,
        probability?.toFixed(4) ?? null,
        isKept ? 'kept' : 'deleted',
        nearest.map(({ id, label: trained }) => `${id.slice(0, 12)} ${trained ?? ''}`.trim()).join(', '),
      ]),
    );
  });
}
