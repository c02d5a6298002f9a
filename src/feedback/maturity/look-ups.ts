import { eventKindOf } from '../../contracts/loop/event-key.ts';
import type { Firing, StoredTrigger, TriggerKind } from '../../contracts/loop/trigger.ts';
import type { ModelVersion } from '../../contracts/model.ts';
import type { Proof } from '../../contracts/release.ts';
import type { Facts, RunFacts, StepFacts } from './facts.ts';

export function stepOf({ steps }: RunFacts, component: string): StepFacts | undefined {
  return steps.find(({ execution }) => execution.component === component);
}

/** Enabled, and not on demand only. */
export const isLive = ({ isEnabled, when }: StoredTrigger) => isEnabled && when.kind !== 'demand';

export function liveTrigger({ triggers }: Facts, kind: TriggerKind): StoredTrigger | undefined {
  return triggers.find((each) => each.isEnabled && each.when.kind === kind);
}

/** Requested with "mitate trigger run". */
export const isByHand = ({ occasion }: Firing) => eventKindOf(occasion) === 'demand';

/** The newest automatic firing of a trigger of these kinds whose run succeeded. */
export function firedRun({ triggers, firings }: Facts, ...kinds: TriggerKind[]): Firing | undefined {
  const names = triggers.filter(({ when }) => kinds.includes(when.kind)).map(({ name }) => name);
  return firings.find(
    (firing) => names.includes(firing.trigger) && !isByHand(firing) && firing.run?.state === 'succeeded',
  );
}

/** Evidence from the newest pipeline test that has this check; null when it failed there. */
export function tested({ proofs, training }: Facts, name: string): string | null {
  for (const { kind, subject, checks, at } of proofs) {
    const isOfIt = kind === 'pipeline-test' && (training === null || subject === training.run.pipeline);
    const check = isOfIt && checks.find((each) => each.name === name);
    if (check) return check.passed ? `${check.said} (${at.toISOString().slice(0, 10)})` : null;
  }
  return null;
}

/** The newest load test of an endpoint, for each endpoint. */
export function loadTests({ proofs }: Facts): Proof[] {
  const tests = proofs.filter(({ kind }) => kind === 'load-test');
  return tests.filter(({ subject }, i) => tests.findIndex((each) => each.subject === subject) === i);
}

/** The release's run there succeeded. */
export const ranWell = ({ state }: Facts['starts'][number]) => state === 'succeeded';

/** Ids of runs that started automatically. */
export function automaticRuns({ runs, firings, starts }: Facts): Set<string> {
  const fired = firings.flatMap((firing) => (firing.run && !isByHand(firing) ? [firing.run.id] : []));
  const announced = starts.flatMap(({ via, runId }) => (via === 'webhook' && runId ? [runId] : []));
  const known = new Set(runs.map(({ id }) => id));
  return new Set([...fired, ...announced].filter((id) => known.has(id)));
}

function deploys(after: unknown, { name, version }: ModelVersion): boolean {
  const deployed = after as { modelName?: string; version?: number } | null;
  return deployed?.modelName === name && deployed.version === version;
}

/** A blessed version that its run or a promotion deployed. */
export function deployedByItself(facts: Facts): (ModelVersion & { how: string }) | null {
  for (const version of facts.versions.filter(({ blessed }) => blessed)) {
    // a push deploys in the transaction that registers the version
    const pushed = facts.endpointEvents.find(
      ({ action, at, after }) =>
        action === 'deploy' && at.getTime() === version.createdAt.getTime() && deploys(after, version),
    );
    if (pushed) return { ...version, how: `deployed to ${pushed.endpoint} by its run` };
    const promoted = facts.promotions.find(
      (each) => each.state === 'promoted' && each.modelName === version.name && each.version === version.version,
    );
    if (promoted) return { ...version, how: `promoted on ${promoted.endpoint} by policy` };
  }
  return null;
}
