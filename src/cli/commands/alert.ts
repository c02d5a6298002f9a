import { type Command, Option } from 'commander';
import {
  type AlertDetails,
  acknowledgeAlert,
  resolveAlert,
  showAlert,
  silenceAlert,
} from '../../actions/alerts/alert.ts';
import { alertGrid, alertPhotos } from '../../actions/alerts/photos.ts';
import { withStore } from '../../actions/with-store.ts';
import { type Alert, type AlertState, alertStates } from '../../contracts/loop/alert.ts';
import { actor } from '../access.ts';
import { action } from '../cli.ts';
import { parseDuration } from '../options/parse-duration.ts';
import { moment } from '../output/moment.ts';
import type { Output } from '../output/output.ts';
import { plural } from '../output/plural.ts';
import { writeOutput } from '../output/write-output.ts';
import { wholeNumber } from './run.ts';

export function registerAlert(program: Command): void {
  const alert = program.command('alert').description('what monitors raised: list, show, ack, resolve, silence, photos');
  registerList(alert);
  registerShow(alert);
  registerAck(alert);
  registerResolve(alert);
  registerSilence(alert);
  registerPhotos(alert);
}

function registerList(alert: Command): void {
  const command = alert
    .command('list', { isDefault: true })
    .description('alerts that are not resolved, newest first')
    .option('--all', 'also resolved ones')
    .addOption(new Option('--state <state>', 'in this state only').choices(alertStates))
    .option('--endpoint <name>', 'of this endpoint only')
    .option('--limit <n>', 'at most so many', wholeNumber, 50);
  type Flags = { all?: boolean; state?: AlertState; endpoint?: string; limit: number };
  action(command, async ({ config, output }, { all, state, endpoint, limit }: Flags) => {
    const live = alertStates.filter((each) => each !== 'resolved');
    const states = state ? [state] : all ? alertStates : live;
    const found = await withStore(config, { attach: true }, (store) =>
      store.alerts.listAlerts({ states, limit, ...(endpoint !== undefined && { endpoint }) }),
    );
    for (const each of found) output.json(each);
    if (found.length === 0) return output.line(nothingFound({ all, state, endpoint }));
    output.table(
      ['ALERT', 'MONITOR', 'ENDPOINT', 'SEVERITY', 'STATE', 'SINCE', 'WHAT MOVED'],
      found.map((each) => [
        each.id,
        each.monitor,
        each.endpoint,
        each.severity,
        each.state,
        moment(each.since),
        each.finding.said,
      ]),
    );
  });
}

function nothingFound({ all, state, endpoint }: { all?: boolean; state?: string; endpoint?: string }): string {
  const what = state === undefined ? (all ? 'No alerts' : 'No alerts are open') : `No alerts are ${state}`;
  return `${what}${endpoint === undefined ? '' : ` on ${endpoint}`}.`;
}

function registerShow(alert: Command): void {
  const command = alert
    .command('show <alert>')
    .description('what moved, by how much, since when, what to do, who was told; by its id or its monitor');
  action(command, async ({ config, output }, reference: string) => {
    const details = await withStore(config, { attach: true }, (store) => showAlert(store, reference));
    output.json(details);
    if (!output.options.json) printAlert(output, details);
  });
}

function printAlert(output: Output, { alert, deliveries }: AlertDetails): void {
  const { finding, silencedUntil } = alert;
  output.line(`${output.style('bold', alert.monitor)} on ${alert.endpoint} is ${alert.state}; ${alert.severity}.`);
  if (silencedUntil) output.line(`Silenced until ${moment(silencedUntil)}.`);
  output.line(`${finding.said}, since ${moment(alert.since)}; last seen ${moment(alert.lastSeenAt)}.`);
  output.line(`What to do: ${alert.remedy}`);
  if (finding.movers.length > 0)
    output.line(`Photos that moved it: ${finding.movers.length}; mitate alert photos ${alert.id} --to photos.png`);
  output.line('');
  output.table(
    ['TIME', 'WHO', 'WHAT'],
    alert.timeline.map(({ at, who, what }) => [moment(new Date(at)), who, what]),
  );
  if (deliveries.length === 0) return;
  output.line('');
  output.table(
    ['CHANNEL', 'NEWS', 'STATE', '#ATTEMPTS', 'ERROR'],
    deliveries.map(({ channel, news, state, attempts, lastError }) => [channel, news, state, attempts, lastError]),
  );
}

interface Why {
  why: string;
}
const why = () => new Option('--why <text>', 'the reason, for the timeline').default('by hand');

function printState(output: Output, alert: Alert): void {
  output.json(alert);
  const until = alert.silencedUntil ? ` until ${moment(alert.silencedUntil)}` : '';
  output.line(`The alert of ${alert.monitor} is ${alert.state}${until}.`);
}

function registerAck(alert: Command): void {
  const command = alert.command('ack <alert>').description('say that you look after it').addOption(why());
  action(command, async ({ config, output }, reference: string, flags: Why) => {
    const changed = await withStore(config, { attach: true }, (store) =>
      acknowledgeAlert(store, reference, { ...flags, actor: actor(), now: new Date() }),
    );
    printState(output, changed);
  });
}

function registerResolve(alert: Command): void {
  const command = alert
    .command('resolve <alert>')
    .description('say that it is over; it comes back when its monitor finds the same again')
    .addOption(why());
  action(command, async ({ config, output }, reference: string, flags: Why) => {
    const changed = await withStore(config, { attach: true }, (store) =>
      resolveAlert(store, reference, { ...flags, actor: actor(), now: new Date() }),
    );
    printState(output, changed);
  });
}

function registerSilence(alert: Command): void {
  const command = alert
    .command('silence <alert>')
    .description('tell nobody of it for a while')
    .requiredOption('--for <time>', 'how long, such as 3d', parseDuration)
    .addOption(why());
  action(command, async ({ config, output }, reference: string, flags: Why & { for: number }) => {
    const now = new Date();
    const until = new Date(now.getTime() + flags.for);
    const changed = await withStore(config, { attach: true }, (store) =>
      silenceAlert(store, reference, until, { why: flags.why, actor: actor(), now }),
    );
    printState(output, changed);
  });
}

function registerPhotos(alert: Command): void {
  const command = alert
    .command('photos <alert>')
    .description('the photos that moved it, each beside the training photos nearest to it')
    .option('--to <file>', 'draw them into this PNG');
  action(command, async ({ config, output }, reference: string, flags: { to?: string }) => {
    const { photos, png } = await withStore(config, { attach: true }, async (store) => ({
      photos: await alertPhotos(store, reference),
      png: flags.to === undefined ? null : await alertGrid(store, reference),
    }));
    output.json({ photos });
    if (photos.length === 0) return output.line('Its monitor looks at no single photo, or they have left the log.');
    if (flags.to !== undefined && png) {
      await writeOutput(flags.to, png);
      return output.line(`${flags.to}: ${plural(photos.length, 'photo')}`);
    }
    output.table(
      ['REQUEST', 'ANSWER', '#PROBABILITY', 'PHOTO', 'NEAREST TRAINING PHOTOS'],
      photos.map(({ requestId, label, probability, isKept, nearest }) => [
        requestId,
        label,
        probability?.toFixed(4) ?? null,
        isKept ? 'kept' : 'gone',
        nearest.map(({ id, label: trained }) => `${id.slice(0, 12)} ${trained ?? ''}`.trim()).join(', '),
      ]),
    );
  });
}
