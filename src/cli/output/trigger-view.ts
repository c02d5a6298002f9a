import type { DryRun } from '../../actions/triggers/dry-run.ts';
import type { TriggerDetails } from '../../actions/triggers/trigger.ts';
import type { Firing, StoredTrigger } from '../../contracts/loop/trigger.ts';
import { moment } from './moment.ts';
import type { Output } from './output.ts';

export function printTriggers(output: Output, triggers: readonly TriggerDetails[]): void {
  for (const each of triggers) output.json(shownDetails(each));
  output.table(
    ['NAME', 'PIPELINE', 'FIRES ON', 'NEXT', 'LAST', 'RUN'],
    triggers.map(({ trigger, next, firings: [last] }) => [
      trigger.name,
      trigger.pipeline,
      whenOf(trigger),
      trigger.isEnabled ? (trigger.problem?.code ?? (next && moment(next))) : 'disabled',
      last ? `${last.state} ${moment(last.at)}` : null,
      last ? runOf(last) : null,
    ]),
    'No triggers yet. Create one with "mitate trigger create".',
  );
}

export function printTrigger(output: Output, { trigger, next, firings }: TriggerDetails): void {
  const { name, pipeline, parameters, coolDown, dailyBudget, minNewLabels, isEnabled, flywheel, problem } = trigger;
  const rows: [string, string][] = [
    ['pipeline', [pipeline, ...Object.entries(parameters).map(([key, value]) => `${key}=${value}`)].join(' ')],
    ['fires on', whenOf(trigger)],
    ['limits', `cool-down ${coolDown}, at most ${dailyBudget} runs in 24 hours, at least ${minNewLabels} new labels`],
    ...(flywheel
      ? [['flywheel', `labelled requests of ${flywheel.endpoint} to ${flywheel.to}`] as [string, string]]
      : []),
    ['state', isEnabled ? 'enabled' : 'disabled'],
    ...(problem
      ? [['problem', `since ${moment(new Date(problem.since))}: ${problem.message}`] as [string, string]]
      : []),
    ...(next ? [['next', moment(next)] as [string, string]] : []),
    ['created', `${moment(trigger.createdAt)} by ${trigger.who}`],
  ];
  output.line(output.style('bold', name));
  output.table(['FIELD', 'VALUE'], rows);
  output.line();
  output.table(
    ['TIME', 'STATE', 'RUN', 'REASON'],
    firings.map((firing) => [moment(firing.at), firing.state, runOf(firing), firing.why]),
    'The trigger has not fired yet.',
  );
}

export function printDryRun(output: Output, { trigger, from, to, fired, kept }: DryRun): void {
  const times = fired.length === 1 ? 'once' : `${fired.length} times`;
  output.line(`${trigger} would have fired ${times} from ${moment(from)} to ${moment(to)}${fired.length ? ':' : '.'}`);
  if (fired.length > 0)
    output.table(
      ['TIME', 'REASON'],
      fired.map(({ at, why }) => [moment(at), why]),
    );
  if (kept.length === 0) return;
  output.line();
  output.line(`Blocked ${kept.length === 1 ? 'once' : `${kept.length} times`}:`);
  output.table(
    ['TIME', 'REASON'],
    kept.map(({ at, why }) => [moment(at), why]),
  );
}

function whenOf({ when }: StoredTrigger): string {
  switch (when.kind) {
    case 'schedule':
      return `${when.cron} (${when.timeZone})`;
    case 'new-data':
      return `${when.minPhotos} new photos ${when.folder === null ? 'reported' : `in ${when.folder}`}`;
    case 'performance':
      return `accuracy on ${when.endpoint} below ${when.below}`;
    case 'drift':
      return `drift on ${when.endpoint}${when.monitors.length ? ` by ${when.monitors.join(', ')}` : ''}`;
    case 'release':
      return `release to ${when.environment}`;
    case 'demand':
      return 'demand';
  }
}

/** Without the per-file state of a watched folder. */
export function shown({ memory: _, ...trigger }: StoredTrigger): Omit<StoredTrigger, 'memory'> {
  return trigger;
}

export const shownDetails = ({ trigger, ...details }: TriggerDetails) => ({ trigger: shown(trigger), ...details });

/** The run of a firing, or why there is none. */
export function runOf({ state, run, runId, enqueuedAt, error, evidence }: Firing): string {
  if (state !== 'fired') return '';
  if (typeof evidence.dropped === 'string') return `none: ${evidence.dropped}`;
  if (run !== null) return `${run.id} ${run.state}${run.error ? `: ${run.error.message}` : ''}`;
  if (error !== null) return `${enqueuedAt === null ? 'not queued' : 'could not run'}: ${error.message}`;
  return `${runId} ${enqueuedAt === null ? 'to be queued' : 'queued'}`;
}
