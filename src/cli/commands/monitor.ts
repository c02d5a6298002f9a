import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  createDefaults,
  createMonitor,
  listWatched,
  type MonitorChange,
  removeMonitor,
  setMonitor,
  showMonitor,
} from '../../actions/monitors/monitor.ts';
import { runDueMonitors, runMonitor } from '../../actions/monitors/run.ts';
import { withStore } from '../../actions/with-store.ts';
import { dayMs } from '../../codecs/duration.ts';
import type { Config } from '../../config/index.ts';
import { monitorKinds, type StoredMonitor } from '../../contracts/loop/monitor.ts';
import { MitateError } from '../../errors/index.ts';
import { monitorTable } from '../../feedback/monitors/table.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { actor } from '../access.ts';
import { action } from '../cli.ts';
import { commandLogger } from '../command-logger.ts';
import { parseDuration } from '../options/parse-duration.ts';
import { printFound, printMonitor, printMonitors, printResults } from '../output/monitor-view.ts';

export function registerMonitor(program: Command): void {
  const monitor = program
    .command('monitor')
    .description('what watches the request log: list, show, run, create, enable, disable, remove');
  registerList(monitor);
  registerShow(monitor);
  registerRun(monitor);
  registerCreate(monitor);
  registerSwitch(monitor, 'enable', true);
  registerSwitch(monitor, 'disable', false);
  registerRemove(monitor);
}

function registerList(monitor: Command): void {
  const command = monitor
    .command('list')
    .description('monitors, each with its newest result')
    .option('--endpoint <name>', 'only of this endpoint');
  action(command, async ({ config, output }, { endpoint }: { endpoint?: string }) => {
    const filter = endpoint === undefined ? {} : { endpoint };
    const watched = await withStore(config, { attach: true }, (store) => listWatched(store, filter));
    if (watched.length === 0)
      output.note(
        'No monitors yet. A deployed endpoint gets them within a minute while "mitate worker" or "mitate up" runs.',
      );
    printMonitors(output, watched);
  });
}

function registerShow(monitor: Command): void {
  const command = monitor
    .command('show <name>')
    .description('its definition and last results')
    .option('--last <count>', 'how many results', wholeNumber, 30);
  action(command, async ({ config, output }, name: string, { last }: { last: number }) => {
    const details = await withStore(config, { attach: true }, (store) => showMonitor(store, name, last));
    output.json(details);
    printMonitor(output, details.monitor);
    output.line();
    printResults(output, details.results);
  });
}

function registerRun(monitor: Command): void {
  const command = monitor
    .command('run [name]')
    .description('judge the window that ends now; without a name: every window that is due');
  action(command, async ({ config, output }, name?: string) => {
    const how = { actor: actor(), now: new Date(), logger: commandLogger(output) };
    const results = await withStore(config, { attach: true }, async (store) =>
      name === undefined ? await runDueMonitors(config, store, how) : [await runMonitor(store, name, how)],
    );
    for (const result of results) output.json(result);
    if (results.length === 0) output.note('Nothing is due.');
    else printFound(output, results);
  });
}

/** Of one monitor. */
const ownFlags = ['kind', 'parameters', 'window', 'schedule', 'against', 'slice', 'minSamples'];

interface CreateFlags {
  endpoint: string;
  kind?: string;
  defaults?: boolean;
  parameters?: unknown;
  window?: unknown;
  against?: unknown;
  slice?: unknown;
  minSamples?: number;
  schedule?: string;
}

function registerCreate(monitor: Command): void {
  const command = monitor
    .command('create [name]')
    .description('make a monitor; or bring back those that an endpoint gets by itself')
    .requiredOption('--endpoint <name>', 'whose requests it watches')
    .addOption(new Option('--defaults', 'all that a deployed endpoint gets by itself').conflicts(ownFlags))
    .addOption(new Option('--kind <kind>', 'what it watches').choices(monitorKinds))
    .option('--parameters <json>', 'of its kind, such as {"baseline":0.628,"tolerance":0.3}', json)
    .option('--window <size>', 'days such as 10d or 6h, or a number of requests such as 500', windowOf)
    .option('--schedule <cron>', 'when windows of time end, five fields, UTC (default: "0 0 * * *")')
    .option(
      '--against <what>',
      'model, first-<days>d, or <start>..<end> of requests of the past (default: model)',
      referenceOf,
    )
    .option('--slice <attribute=value>', 'only requests whose attribute has this value', sliceOf)
    .option('--min-samples <count>', 'fewer observations are not enough data', wholeNumber)
    .addHelpText('after', () => `\nParameters of the kinds, with their defaults:\n${parametersText()}`);
  action(command, async ({ config, output }, name: string | undefined, flags: CreateFlags) => {
    const made = flags.defaults ? await makeDefaults(config, name, flags) : [await makeOne(config, name, flags)];
    for (const each of made) {
      output.json(each);
      output.line(`${each.name}: ${each.kind} of ${each.endpoint}`);
    }
    if (made.length === 0) output.note('All of them are there.');
  });
}

/** @throws MONITOR_INVALID */
async function makeDefaults(
  config: Config,
  name: string | undefined,
  { endpoint }: CreateFlags,
): Promise<StoredMonitor[]> {
  if (name !== undefined)
    throw new MitateError('MONITOR_INVALID', { monitor: name, field: 'name', reason: '--defaults have their own' });
  return await change(config, (store, by) => createDefaults(store, endpoint, by));
}

/** @throws MONITOR_INVALID */
async function makeOne(config: Config, name: string | undefined, flags: CreateFlags): Promise<StoredMonitor> {
  const { endpoint, kind, against, defaults: _, ...given } = flags;
  if (kind === undefined) {
    const reason = 'say what it watches, or --defaults for all that an endpoint gets by itself';
    throw new MitateError('MONITOR_INVALID', { monitor: name ?? endpoint, field: '--kind', reason });
  }
  const named = name ?? `${endpoint}.${kind}`;
  const wanted = { ...given, name: named, endpoint, kind, ...(against !== undefined && { reference: against }) };
  return await change(config, (store, by) => createMonitor(store, wanted, by));
}

/** A line for each kind that takes any. */
function parametersText(): string {
  const lines = monitorKinds.map((kind) => {
    const defaults = JSON.stringify(monitorTable[kind].parameters.parse({}));
    return defaults === '{}' ? '' : `  ${kind.padEnd(19)} ${defaults}\n`;
  });
  return lines.join('');
}

function registerSwitch(monitor: Command, verb: 'enable' | 'disable', isEnabled: boolean): void {
  const command = monitor.command(`${verb} <name>`).description(isEnabled ? 'switch it on' : 'switch it off; it stays');
  action(command, async ({ config, output }, name: string) => {
    const set = await change(config, (store, by) => setMonitor(store, name, { isEnabled }, by.actor));
    output.json(set);
    output.line(`${name} is ${isEnabled ? 'on' : 'off'}.`);
  });
}

function registerRemove(monitor: Command): void {
  const command = monitor.command('remove <name>').description('remove it; its results stay');
  action(command, async ({ config, output }, name: string) => {
    await change(config, (store, by) => removeMonitor(store, name, by));
    output.json({ removed: name });
    output.line(`${name} is removed.`);
  });
}

/** Also beside a server. */
async function change<T>(config: Config, work: (store: OpenStore, by: MonitorChange) => Promise<T>): Promise<T> {
  return await withStore(config, { attach: true }, (store) => work(store, { actor: actor(), now: new Date() }));
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Write a whole number.');
  return Number(text);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('Write JSON, such as {"tolerance":0.2}.');
  }
}

function windowOf(text: string): object {
  if (/^\d+$/.test(text)) return { by: 'count', count: Number(text) };
  return { by: 'time', days: parseDuration(text) / dayMs };
}

function referenceOf(text: string): object {
  if (text === 'model') return { from: 'model' };
  const days = /^first-(\d+)d$/.exec(text)?.[1];
  if (days !== undefined) return { from: 'first-days', days: Number(days) };
  const [start, end, ...more] = text.split('..').map((moment) => new Date(moment));
  if (!start || !end || more.length > 0 || Number.isNaN(+start) || Number.isNaN(+end))
    throw new InvalidArgumentError('Write model, first-7d, or two moments such as 2026-11-01..2026-11-08.');
  return { from: 'window', start: start.toISOString(), end: end.toISOString() };
}

function sliceOf(text: string): object {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write attribute=value.');
  return { attribute: text.slice(0, at), value: attributeOf(text.slice(at + 1)) };
}

/** As JSON holds attributes: `true`, `12` and `"12"` are three values. */
function attributeOf(text: string): string | number | boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : text;
  } catch {
    return text;
  }
}
