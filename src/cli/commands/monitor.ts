import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  createDefaults,
  createMonitor,
  listWatched,
  removeMonitor,
  setMonitor,
  showMonitor,
} from '../../actions/monitors/monitor.ts';
import { runDueMonitors, runMonitor } from '../../actions/monitors/run.ts';
import { dayMs } from '../../codecs/duration.ts';
import { readInstant } from '../../codecs/instant.ts';
import { type MonitorKind, monitorKinds, type StoredMonitor } from '../../contracts/loop/monitor.ts';
import { MitateError } from '../../errors/index.ts';
import { action, type Cli } from '../cli.ts';
import { commandLogger } from '../command-logger.ts';
import { monitorParameters, parametersText } from '../options/monitor-parameters.ts';
import { withOldName } from '../options/old-name.ts';
import { parseDuration } from '../options/parse-duration.ts';
import { parseJson } from '../options/parse-json.ts';
import { wholeNumber } from '../options/parse-number.ts';
import { collectParameter } from '../options/pipeline-parameter.ts';
import { printFound, printMonitor, printMonitors, printResults } from '../output/monitor-view.ts';

export function registerMonitor(program: Command): void {
  const monitor = program
    .command('monitor')
    .description('manage monitors of the request log: list, show, run, create, enable, disable, remove');
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
    .description('list monitors with their latest result')
    .option('--endpoint <name>', 'only this endpoint');
  action(command, async ({ inStore, output }, { endpoint }: { endpoint?: string }) => {
    const filter = endpoint === undefined ? {} : { endpoint };
    const watched = await inStore((store) => listWatched(store, filter));
    printMonitors(output, watched);
  });
}

function registerShow(monitor: Command): void {
  const command = monitor
    .command('show <name>')
    .description('show definition and latest results of a monitor')
    .option('--limit <n>', 'maximum number of results', wholeNumber, 30);
  withOldName(command, '--last <n>', { now: 'limit', parse: wholeNumber });
  action(command, async ({ inStore, output }, name: string, { limit }: { limit: number }) => {
    const details = await inStore((store) => showMonitor(store, name, limit));
    output.json(details);
    printMonitor(output, details.monitor);
    output.line();
    printResults(output, details.results);
  });
}

function registerRun(monitor: Command): void {
  const command = monitor
    .command('run [name]')
    .description('evaluate a monitor on the window that ends now; without a name: all windows that are due');
  action(command, async ({ inStore, output, by }, name?: string) => {
    const how = { ...by, logger: commandLogger(output) };
    const results = await inStore(async (store) =>
      name === undefined ? await runDueMonitors(store, how) : [await runMonitor(store, name, how)],
    );
    for (const result of results) output.json(result);
    printFound(output, results);
  });
}

/** Flags that define one monitor. */
const ownFlags = ['kind', 'param', 'parameters', 'window', 'schedule', 'against', 'slice', 'minSamples'];

interface CreateFlags {
  endpoint: string;
  kind?: MonitorKind;
  defaults?: boolean;
  param?: Record<string, string>;
  /** As JSON: their form in 0.1; until 0.3. */
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
    .description('create a monitor, or recreate the default monitors of an endpoint')
    .requiredOption('--endpoint <name>', 'endpoint to monitor')
    .addOption(new Option('--defaults', 'create all default monitors of a deployed endpoint').conflicts(ownFlags))
    .addOption(new Option('--kind <kind>', 'kind of monitor').choices(monitorKinds))
    .option(
      '--param <name=value>',
      'parameter of the kind, such as tolerance=0.3; lists as a,b (repeatable)',
      collectParameter,
    )
    .addOption(new Option('--parameters <json>').argParser(parseJson).conflicts('param').hideHelp())
    .option(
      '--window <size>',
      'window as a duration such as 10d or 6h, or as a number of requests such as 500',
      windowOf,
    )
    .option(
      '--schedule <cron>',
      'cron expression for the end of time windows, five fields in UTC (default: "0 0 * * *")',
    )
    .option(
      '--against <what>',
      'reference: model, first-<days>d, or past requests <start>..<end> (default: model)',
      referenceOf,
    )
    .option('--slice <attribute=value>', 'only requests with this attribute value', sliceOf)
    .option('--min-samples <count>', 'minimum number of observations', wholeNumber)
    .addHelpText(
      'after',
      () => `\nParameters of each kind, with defaults (currency is required; EUR is an example):\n${parametersText()}`,
    );
  action(command, async (cli, name: string | undefined, flags: CreateFlags) => {
    const { output } = cli;
    const made = flags.defaults ? await makeDefaults(cli, name, flags) : [await makeOne(cli, name, flags)];
    for (const each of made) {
      output.json(each);
      output.line(`Created monitor ${each.name}.`);
    }
    if (made.length === 0) output.note('All default monitors already exist.');
  });
}

async function makeDefaults(
  { inStore, by }: Cli,
  name: string | undefined,
  { endpoint }: CreateFlags,
): Promise<StoredMonitor[]> {
  if (name !== undefined)
    throw new MitateError('MONITOR_INVALID', { monitor: name, field: 'name', reason: 'not allowed with --defaults' });
  return await inStore((store) => createDefaults(store, endpoint, by));
}

async function makeOne({ inStore, by }: Cli, name: string | undefined, flags: CreateFlags): Promise<StoredMonitor> {
  const { endpoint, kind, against, param, defaults: _, ...given } = flags;
  if (kind === undefined) {
    const reason = 'required, unless --defaults is given';
    throw new MitateError('MONITOR_INVALID', { monitor: name ?? endpoint, field: '--kind', reason });
  }
  const named = name ?? `${endpoint}.${kind}`;
  const parameters = param && { parameters: monitorParameters(kind, param) };
  const reference = against !== undefined && { reference: against };
  const wanted = { ...given, ...parameters, name: named, endpoint, kind, ...reference };
  return await inStore((store) => createMonitor(store, wanted, by));
}

function registerSwitch(monitor: Command, verb: 'enable' | 'disable', isEnabled: boolean): void {
  const command = monitor
    .command(`${verb} <name>`)
    .description(isEnabled ? 'enable a monitor' : 'disable a monitor and keep its definition');
  action(command, async ({ inStore, output, by }, name: string) => {
    const set = await inStore((store) => setMonitor(store, name, { isEnabled }, by.actor));
    output.json(set);
    output.line(`Monitor ${name} is ${verb}d.`);
  });
}

function registerRemove(monitor: Command): void {
  const command = monitor.command('remove <name>').description('remove a monitor; its results stay');
  action(command, async ({ inStore, output, by }, name: string) => {
    await inStore((store) => removeMonitor(store, name, by));
    output.json({ removed: name });
    output.line(`Removed monitor ${name}.`);
  });
}

function windowOf(text: string): object {
  if (/^\d+$/.test(text)) return { by: 'count', count: Number(text) };
  return { by: 'time', days: parseDuration(text) / dayMs };
}

function referenceOf(text: string): object {
  if (text === 'model') return { from: 'model' };
  const days = /^first-(\d+)d$/.exec(text)?.[1];
  if (days !== undefined) return { from: 'first-days', days: Number(days) };
  const [start, end, ...more] = text.split('..').map(readInstant);
  if (!start || !end || more.length > 0)
    throw new InvalidArgumentError('Expected model, first-7d, or two times such as 2026-11-01..2026-11-08.');
  return { from: 'window', start: start.toISOString(), end: end.toISOString() };
}

function sliceOf(text: string): object {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Expected attribute=value.');
  return { attribute: text.slice(0, at), value: attributeOf(text.slice(at + 1)) };
}

/** Parsed as JSON: `true`, `12` and `"12"` are three values. */
function attributeOf(text: string): string | number | boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : text;
  } catch {
    return text;
  }
}
