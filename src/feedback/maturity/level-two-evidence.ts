import { type Check, infraCheck } from '../../contracts/artifacts/blessing.ts';
import { readEvidence } from '../../contracts/loop/promotion.ts';
import type { Workflow } from '../../contracts/release.ts';
import { claim, evidence, type Found } from './check.ts';
import type { Facts, RunFacts } from './facts.ts';
import { crossed, firedRun, outputOf, ranWell, reads, stepOf, trainedAt } from './look-ups.ts';

/** Runs in pre-production before production. */
export const several = 2;
/** Milliseconds. A limit that no client waits for is none. */
const longestLatencyMs = 10_000;

export function committed({ releases, starts }: Facts): Found {
  const signed = (id: string, commit: string) =>
    starts.some(({ release, workflow: sender }) => release === id && sender?.commit === commit);
  const named = releases.filter(({ gitCommit }) => gitCommit !== null);
  const text = ({ id, gitCommit }: Facts['releases'][number]) => `${id} has commit ${gitCommit!.slice(0, 12)}`;
  return (
    evidence(
      named.find(({ id, gitCommit, madeHere }) => madeHere || signed(id, gitCommit!)),
      text,
    ) ?? claim(named[0], (release) => `${release.who} says that ${text(release)}`)
  );
}

type Start = Facts['starts'][number];

/** @param stage that the sender must name for a claim; absent = any */
export function sentByWorkflow(
  starts: readonly Start[],
  also: (start: Start) => boolean,
  stage?: Start['stage'],
): Found {
  const sent = starts.filter(
    (start) => start.via === 'webhook' && ranWell(start) && (stage ?? start.stage) === start.stage,
  );
  return (
    evidence(
      sent.find((start) => start.workflow !== null && start.trained === true && also(start)),
      ({ release, environment, workflow: sender, approver }) =>
        `run ${sender!.run} of ${sender!.repository} (${sender!.ref}) sent ${release} to ${environment}; it names ${approver ?? 'nobody'} as approver`,
    ) ??
    claim(
      sent[0],
      ({ release, environment, branch, approver }) =>
        `a webhook says: ${release} from branch ${branch} to ${environment}, approved by ${approver}`,
    )
  );
}

/** A pull request was merged: rules of the branch keep everybody else out. */
export const isReviewed = (sender: Workflow | null) => sender?.isProtected === true && sender.event === 'push';

export function latencyOf(checks: readonly Check[] | undefined): Check | undefined {
  return checks?.find(
    ({ name, passed, threshold }) =>
      name === infraCheck.latency && passed && threshold !== null && threshold <= longestLatencyMs,
  );
}

/** A check passed on something that was observed. */
export function wasJudged({ decisions }: Facts['promotions'][number]): boolean {
  return decisions.some((decision) => readEvidence(decision).checks.some(({ verdict }) => verdict === 'pass'));
}

/** The step that validated what the Trainer read, without an error. */
export function validated(training: RunFacts) {
  const [examples, statistics] = [outputOf(training, 'Examples'), outputOf(training, 'ExampleStatistics')];
  const validator = stepOf(training, 'ExampleValidator');
  const isOfThem =
    reads(stepOf(training, 'Trainer'), examples) &&
    reads(stepOf(training, 'StatisticsGen'), examples) &&
    reads(validator, statistics);
  const isClean = outputOf(training, 'ExampleAnomalies')?.properties.blessed === 1;
  return isOfThem && isClean ? validator : undefined;
}

export function byHandAfterRuns(facts: Facts): Found {
  const production = facts.starts.filter(
    (start) => start.stage === 'production' && start.via !== 'webhook' && ranWell(start),
  );
  const earned = production.find(
    (start) =>
      start.byHand &&
      trainedAt(start, 'production') &&
      crossed(facts, start) &&
      runsBefore(start, facts.starts) >= several,
  );
  return (
    evidence(
      earned,
      ({ release, environment, who }) =>
        `${release} was deployed to ${environment} by ${who} after successful pre-production runs`,
    ) ??
    claim(
      production[0],
      ({ release, environment, who }) => `${who} says that ${environment} is production, where ${release} ran`,
    )
  );
}

/** Different runs of the release that trained a model in pre-production. */
function runsBefore({ release, seq }: Start, starts: readonly Start[]): number {
  const earlier = starts.filter(
    (each) => each.release === release && each.seq < seq && trainedAt(each, 'pre-production'),
  );
  return new Set(earlier.map(({ runId }) => runId)).size;
}

export function monitoringTriggers(facts: Facts): Found {
  const fired = firedRun(facts, 'drift', 'performance');
  const when = fired?.trigger.when;
  if (when?.kind !== 'drift' && when?.kind !== 'performance') return null;
  const isWatched = facts.monitors.some(
    ({ isEnabled, name, endpoint }) =>
      isEnabled &&
      endpoint === when.endpoint &&
      facts.results.some(({ monitor, state }) => monitor === name && (state === 'ok' || state === 'breach')),
  );
  return evidence(isWatched && fired, ({ firing: { trigger, why } }) => `${trigger}: ${why}`);
}
