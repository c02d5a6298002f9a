import { type Command, InvalidArgumentError, Option } from 'commander';
import type { TriggerInput } from '../../contracts/loop/trigger.ts';
import { MitateError } from '../../errors/index.ts';
import { acceptanceOf, type Policy, withAcceptanceFlags } from './flywheel-flags.ts';
import { parseJson } from './parse-json.ts';
import { positive, wholeNumber } from './parse-number.ts';
import { collectParameter } from './pipeline-parameter.ts';

export interface CreateFlags {
  pipeline: string;
  param: Record<string, string>;
  cron?: string;
  timeZone: string;
  newData?: string | true;
  minPhotos: number;
  drift?: string;
  monitor: string[];
  performance?: string;
  below?: number;
  pointEstimate?: boolean;
  /** Name of `--point-estimate` in 0.1; until 0.3. */
  glance?: boolean;
  release?: string;
  demand?: boolean;
  coolDown: string;
  dailyBudget: number;
  minNewLabels: number;
  flywheelOutput?: string;
  flywheelEndpoint?: string;
  /** The whole policy as JSON: its form in 0.1; until 0.3. */
  flywheel?: Policy;
}

export function withCreateFlags(command: Command): Command {
  command
    .requiredOption('--pipeline <file>', 'pipeline file, or the name of a pipeline that has run here')
    .option('--param <name=value>', 'pipeline parameter (repeatable)', collectParameter, {})
    .option('--cron <fields>', 'fire on a schedule: minute, hour, day, month, weekday, such as "0 3 * * *"')
    .option('--time-zone <name>', 'time zone of the schedule, such as Asia/Tokyo', 'UTC')
    .option(
      '--new-data [folder]',
      'fire on new photos in this folder or s3://bucket/prefix; without a folder: on "trigger notify"',
    )
    .option('--min-photos <count>', 'minimum number of new photos', positive, 1)
    .option('--drift <endpoint>', 'fire when a drift monitor of the endpoint has an open alert')
    .option('--monitor <name>', 'only this monitor (repeatable)', (name, all: string[]) => [...all, name], [])
    .option('--performance <endpoint>', 'fire when the measured accuracy of the endpoint is below --below')
    .option('--below <share>', 'accuracy, 0..1', share)
    .option('--point-estimate', 'compare the point estimate instead of the whole 95 % interval')
    .addOption(new Option('--glance').hideHelp())
    .option('--release <environment>', 'fire when a release is deployed to the environment with --no-run')
    .option('--demand', 'fire only on "trigger run" or over HTTP')
    .option('--cool-down <duration>', 'minimum time between two runs', '6h')
    .option('--daily-budget <runs>', 'maximum number of runs in 24 hours', positive, 4)
    .option('--min-new-labels <count>', 'minimum number of requests labelled since the last run', wholeNumber, 0)
    .option('--flywheel-output <folder>', 'export labelled requests to a span in this folder before the run')
    .option('--flywheel-endpoint <name>', 'endpoint to export from (default: the one of --drift or --performance)')
    .addOption(new Option('--flywheel <json>').argParser(parseJson).conflicts('flywheelOutput').hideHelp());
  return withAcceptanceFlags(command, 'flywheel-');
}

/** @throws TRIGGER_INVALID unless exactly one event fires it */
export function triggerInput(name: string, flags: CreateFlags): TriggerInput {
  const { pipeline, param, coolDown, dailyBudget, minNewLabels } = flags;
  for (const [flag, isGiven, needs, isMet] of dependencies(flags))
    if (isGiven && !isMet)
      throw new MitateError('TRIGGER_INVALID', {
        trigger: name,
        field: flag,
        reason: `it needs ${needs}`,
      });
  const whens = [...whensOf(name, flags)];
  const [when] = whens;
  if (when === undefined || whens.length > 1)
    throw new MitateError('TRIGGER_INVALID', {
      trigger: name,
      field: 'when',
      reason: 'give exactly one of --cron, --new-data, --drift, --performance, --release, --demand',
    });
  const flywheel = flywheelOf(name, flags);
  const limits = { coolDown, dailyBudget, minNewLabels };
  return { name, pipeline, parameters: param, when, ...limits, ...(flywheel && { flywheel }) };
}

/** Null without --flywheel-output. */
function flywheelOf(trigger: string, flags: CreateFlags): Policy | null {
  if (flags.flywheel !== undefined) return flags.flywheel;
  const accepted = acceptanceOf(flags, 'flywheel-');
  const { flywheelOutput: to, flywheelEndpoint: given, drift, performance } = flags;
  const invalid = (field: string, reason: string) => new MitateError('TRIGGER_INVALID', { trigger, field, reason });
  if (to === undefined) {
    if (given === undefined && Object.keys(accepted).length === 0) return null;
    throw invalid('--flywheel-output', 'required by the other flags of the flywheel');
  }
  const endpoint = given ?? drift ?? performance;
  if (endpoint === undefined) throw invalid('--flywheel-endpoint', 'required by --flywheel-output');
  return { ...accepted, to, endpoint };
}

/** Flags that have no effect without another flag. */
const dependencies = ({ monitor, drift, below, pointEstimate, glance, performance }: CreateFlags) =>
  [
    ['--monitor', monitor.length > 0, '--drift', drift !== undefined],
    ['--below', below !== undefined, '--performance', performance !== undefined],
    ['--point-estimate', pointEstimate === true, '--performance', performance !== undefined],
    ['--glance', glance === true, '--performance', performance !== undefined],
  ] as const;

function* whensOf(name: string, flags: CreateFlags): Generator<TriggerInput['when']> {
  const { cron, timeZone, newData, minPhotos, drift, monitor, performance, below, release, demand } = flags;
  if (cron !== undefined) yield { kind: 'schedule', cron, timeZone };
  if (newData !== undefined) yield { kind: 'new-data', folder: newData === true ? null : newData, minPhotos };
  if (drift !== undefined) yield { kind: 'drift', endpoint: drift, monitors: monitor };
  if (performance !== undefined) {
    if (below === undefined)
      throw new MitateError('TRIGGER_INVALID', {
        trigger: name,
        field: '--below',
        reason: 'required by --performance',
      });
    yield { kind: 'performance', endpoint: performance, below, certain: !(flags.pointEstimate || flags.glance) };
  }
  if (release !== undefined) yield { kind: 'release', environment: release };
  if (demand) yield { kind: 'demand' };
}

function share(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !(number >= 0 && number <= 1))
    throw new InvalidArgumentError('Expected a number from 0 to 1.');
  return number;
}
