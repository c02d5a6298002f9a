import type { TriggerKind } from '../../contracts/trigger.ts';
import type { ModelVersion } from '../../store/store.ts';
import type { Firing, StoredTrigger } from '../../store/trigger-store.ts';
import type { Facts, RunFacts, StepFacts } from './facts.ts';

export function stepOf({ steps }: RunFacts, component: string): StepFacts | undefined {
  return steps.find(({ execution }) => execution.component === component);
}

/** On, and not by hand alone. */
export const isLive = ({ isEnabled, when }: StoredTrigger) => isEnabled && when.kind !== 'demand';

export function liveTrigger({ triggers }: Facts, kind: TriggerKind): StoredTrigger | undefined {
  return triggers.find((each) => each.isEnabled && each.when.kind === kind);
}

/** The newest firing of a trigger of one of these kinds that started a run. */
export function firedRun({ triggers, firings }: Facts, ...kinds: TriggerKind[]): Firing | undefined {
  const names = triggers.filter(({ when }) => kinds.includes(when.kind)).map(({ name }) => name);
  return firings.find(({ trigger, state, run }) => names.includes(trigger) && state === 'fired' && run !== null);
}

/** The newest pipeline test in which this held. */
export function tested({ proofs }: Facts, name: string): string | null {
  for (const { kind, checks, at } of proofs) {
    const check = kind === 'pipeline-test' && checks.find((each) => each.name === name && each.passed);
    if (check) return `${check.said} (${at.toISOString().slice(0, 10)})`;
  }
  return null;
}

/** Runs that nobody asked for by hand. */
export function automaticRuns({ runs, firings, starts }: Facts): Set<string> {
  const fired = firings.flatMap(({ run }) => (run ? [run.id] : []));
  const announced = starts.flatMap(({ via, runId }) => (via === 'webhook' && runId ? [runId] : []));
  const known = new Set(runs.map(({ id }) => id));
  return new Set([...fired, ...announced].filter((id) => known.has(id)));
}

/** A blessed version that its run, or a promotion, put in front of traffic. */
export function deployedByItself(facts: Facts): (ModelVersion & { how: string }) | null {
  for (const version of facts.versions.filter(({ blessed }) => blessed)) {
    const pushed = facts.endpointEvents.find(
      ({ action, why }) => action === 'deploy' && why.endsWith(`run ${version.runId}`),
    );
    if (pushed) return { ...version, how: `deployed to ${pushed.endpoint} by its run` };
    const promoted = facts.promotions.find(
      (each) => each.state === 'promoted' && each.modelName === version.name && each.version === version.version,
    );
    if (promoted) return { ...version, how: `promoted on ${promoted.endpoint} by policy` };
  }
  return null;
}
