import { type Command, InvalidArgumentError } from 'commander';
import type { TriggerWish } from '../../contracts/loop/trigger.ts';
import { MitateError } from '../../errors/index.ts';
import { collectParameter } from '../commands/run.ts';
import { positive } from './positive.ts';

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
  glance?: boolean;
  release?: string;
  demand?: boolean;
  coolDown: string;
  dailyBudget: number;
  minNewLabels: number;
  flywheel?: NonNullable<TriggerWish['flywheel']>;
}

export function withCreateFlags(command: Command): Command {
  return command
    .requiredOption('--pipeline <file>', 'pipeline file, or the name of a pipeline that ran here before')
    .option('--param <name=value>', 'a parameter of the pipeline (may be repeated)', collectParameter, {})
    .option('--cron <fields>', 'on a schedule: minute, hour, day, month, weekday, such as "0 3 * * *"')
    .option('--time-zone <name>', 'of the schedule, such as Asia/Tokyo', 'UTC')
    .option(
      '--new-data [folder]',
      'when photos come into this folder or s3://bucket/prefix; without one: when it is told so',
    )
    .option('--min-photos <count>', 'so many new ones', positive, 1)
    .option('--drift <endpoint>', 'when a drift monitor of the endpoint has an open alert')
    .option('--monitor <name>', 'only of this monitor (may be repeated)', (name, all: string[]) => [...all, name], [])
    .option('--performance <endpoint>', 'when its measured accuracy is below --below')
    .option('--below <share>', 'accuracy, 0 to 1', share)
    .option('--glance', 'as soon as the estimate is below, not only its whole 95 % interval')
    .option('--release <environment>', 'when a release lands there')
    .option('--demand', 'only when it is run by hand or over HTTP')
    .option('--cool-down <time>', 'between two runs', '6h')
    .option('--daily-budget <runs>', 'runs in 24 hours', positive, 4)
    .option('--min-new-labels <count>', 'requests labelled since its last run', wholeNumber, 0)
    .option(
      '--flywheel <json>',
      'labelled requests become a span first, such as {"to":"photos","endpoint":"leaf"}',
      json,
    );
}

/** @throws TRIGGER_INVALID unless exactly one thing starts it */
export function triggerInput(name: string, flags: CreateFlags): TriggerWish {
  const { pipeline, param, coolDown, dailyBudget, minNewLabels, flywheel } = flags;
  for (const [flag, isGiven, needs, isThere] of partners(flags))
    if (isGiven && !isThere)
      throw new MitateError('TRIGGER_INVALID', {
        trigger: name,
        field: flag,
        reason: `it says something of ${needs} only`,
      });
  const whens = [...whensOf(name, flags)];
  const [when] = whens;
  if (when === undefined || whens.length > 1)
    throw new MitateError('TRIGGER_INVALID', {
      trigger: name,
      field: 'when',
      reason: 'exactly one of --cron, --new-data, --drift, --performance, --release, --demand is needed',
    });
  const limits = { coolDown, dailyBudget, minNewLabels };
  return { name, pipeline, parameters: param, when, ...limits, ...(flywheel && { flywheel }) };
}

/** Flags that would be passed over in silence without another one. */
const partners = ({ monitor, drift, below, glance, performance }: CreateFlags) =>
  [
    ['--monitor', monitor.length > 0, '--drift', drift !== undefined],
    ['--below', below !== undefined, '--performance', performance !== undefined],
    ['--glance', glance === true, '--performance', performance !== undefined],
  ] as const;

function* whensOf(name: string, flags: CreateFlags): Generator<TriggerWish['when']> {
  const { cron, timeZone, newData, minPhotos, drift, monitor, performance, below, glance, release, demand } = flags;
  if (cron !== undefined) yield { kind: 'schedule', cron, timeZone };
  if (newData !== undefined) yield { kind: 'new-data', folder: newData === true ? null : newData, minPhotos };
  if (drift !== undefined) yield { kind: 'drift', endpoint: drift, monitors: monitor };
  if (performance !== undefined) {
    if (below === undefined)
      throw new MitateError('TRIGGER_INVALID', { trigger: name, field: '--below', reason: '--performance needs it' });
    yield { kind: 'performance', endpoint: performance, below, certain: !glance };
  }
  if (release !== undefined) yield { kind: 'release', environment: release };
  if (demand) yield { kind: 'demand' };
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 0.');
  return Number(text);
}

function share(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !(number >= 0 && number <= 1))
    throw new InvalidArgumentError('Expected a number from 0 to 1.');
  return number;
}

function json(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('Expected JSON.');
  }
}
