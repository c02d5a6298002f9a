import { dayMs } from '../../codecs/duration.ts';
import type { ArtifactType, StoredArtifact } from '../../contracts/artifact.ts';
import type { DeploymentPlan } from '../../contracts/endpoint.ts';
import { type EventKind, eventKindOf } from '../../contracts/loop/event-key.ts';
import type { Promotion } from '../../contracts/loop/promotion.ts';
import type { Firing, StoredTrigger, TriggerKind } from '../../contracts/loop/trigger.ts';
import type { ModelVersion } from '../../contracts/model.ts';
import type { Proof } from '../../contracts/release.ts';
import type { Facts, RunFacts, StepFacts } from './facts.ts';

export function stepOf({ steps }: RunFacts, component: string): StepFacts | undefined {
  return steps.find(({ execution }) => execution.component === component);
}

/** What the run made, or took from the cache; not what a Resolver found. */
export function outputOf({ steps }: RunFacts, type: ArtifactType): StoredArtifact | undefined {
  const made = steps.filter(({ execution }) => execution.component !== 'Resolver').flatMap(({ outputs }) => outputs);
  return made.find(({ artifact }) => artifact.type === type)?.artifact;
}

export function reads(step: StepFacts | undefined, artifact: StoredArtifact | undefined): boolean {
  return step?.inputs.some(({ artifact: { id } }) => id === artifact?.id) ?? false;
}

/** The step that judged the run's own model. */
export function judgeOf(training: RunFacts, component: 'Evaluator' | 'InfraValidator'): StepFacts | null {
  const step = stepOf(training, component);
  return step !== undefined && reads(step, outputOf(training, 'Model')) ? step : null;
}

/** The run pushed its own model, after a verdict of this type on it. */
export function pushedAfter(training: RunFacts, verdict: 'ModelBlessing' | 'InfraBlessing'): boolean {
  const pusher = stepOf(training, 'Pusher');
  return (
    reads(pusher, outputOf(training, 'Model')) &&
    reads(pusher, outputOf(training, verdict)) &&
    outputOf(training, 'PushedModel')?.properties.pushed === 1
  );
}

/** The event that fires each kind by itself. A call says that there are photos, which nobody looked at. */
export const ownEvent = {
  schedule: 'schedule',
  'new-data': 'folder',
  performance: 'result',
  drift: 'alert',
} as const satisfies Partial<Record<TriggerKind, EventKind>>;
export type AutomaticKind = keyof typeof ownEvent;

/** A worker looked at its triggers within a day. */
const isWatched = ({ now, lastTickAt }: Facts) => lastTickAt !== null && now.getTime() - lastTickAt.getTime() < dayMs;

/** Enabled, of these kinds, and a worker looks at them. */
export function liveTriggers(facts: Facts, kinds: readonly TriggerKind[]): StoredTrigger[] {
  return isWatched(facts) ? facts.triggers.filter(({ isEnabled, when }) => isEnabled && kinds.includes(when.kind)) : [];
}

/** The newest time that a trigger of these kinds, which is still live, by itself started a run that trained a model. */
export function firedRun(facts: Facts, ...kinds: AutomaticKind[]): { firing: Firing; trigger: StoredTrigger } | null {
  for (const trigger of liveTriggers(facts, kinds)) {
    const event = ownEvent[trigger.when.kind as AutomaticKind];
    const firing = facts.firings.find(
      (each) =>
        // one of before had the same name
        each.trigger === trigger.name &&
        each.at >= trigger.createdAt &&
        eventKindOf(each.occasion) === event &&
        trains(facts, each),
    );
    if (firing) return { firing, trigger };
  }
  return null;
}

const trains = ({ trained }: Facts, { run }: Firing) => run?.state === 'succeeded' && trained.has(run.id);

/** Requested with "mitate trigger run". */
export const isByHand = ({ occasion }: Firing) => eventKindOf(occasion) === 'demand';

/** The newest pipeline test of the code of this run that has this check. */
export function tested(
  { proofs, training }: Facts,
  name: string,
): { proof: Proof; check: Proof['checks'][number] } | null {
  for (const proof of proofs) {
    const isOfIt =
      proof.kind === 'pipeline-test' &&
      training !== null &&
      proof.subject === training.run.pipeline &&
      proof.codeDigest !== null &&
      proof.codeDigest === training.run.codeDigest;
    const check = isOfIt && proof.checks.find((each) => each.name === name);
    if (check) return { proof, check };
  }
  return null;
}

/** The newest load test that was made here, for each endpoint that there is. */
export function loadTests({ proofs, endpoints }: Facts): Proof[] {
  const tests = proofs.filter(
    ({ kind, origin, subject }) => kind === 'load-test' && origin === 'here' && endpoints.includes(subject),
  );
  return tests.filter(({ subject }, i) => tests.findIndex((each) => each.subject === subject) === i);
}

type Start = Facts['starts'][number];

/** The release's run there succeeded. */
export const ranWell = ({ state }: Start) => state === 'succeeded';

/** It trained a model there, at a place that itself says that it is of this stage. */
export const trainedAt = (start: Start, ...stages: Start['stage'][]) =>
  ranWell(start) && start.trained === true && start.stageIsSet && stages.includes(start.stage);

/** It left the place where it was made. */
export function crossed({ releases }: Facts, { release, place }: Start): boolean {
  return place !== null || releases.some(({ id, madeHere }) => id === release && !madeHere);
}

/** Ids of runs that started automatically: of triggers, and of releases that a verified workflow sent. */
export function automaticRuns({ runs, firings, starts }: Facts): Set<string> {
  const events = new Set<EventKind | null>(Object.values(ownEvent));
  const fired = firings.flatMap(({ run, occasion }) => (run && events.has(eventKindOf(occasion)) ? [run.id] : []));
  const announced = starts.flatMap(({ workflow, runId }) => (workflow && runId ? [runId] : []));
  const known = new Set(runs.map(({ id }) => id));
  return new Set([...fired, ...announced].filter((id) => known.has(id)));
}

type Deployed = Pick<Facts, 'versions' | 'endpointEvents' | 'promotions'>;

/** The run that registered the version asked for the promotion, in the same transaction; and a stage judged it. */
export const isOwnPromotion = ({ name, version, createdAt }: ModelVersion, promotion: Promotion): boolean =>
  promotion.modelName === name &&
  promotion.version === version &&
  promotion.createdAt.getTime() === createdAt.getTime();

/** A blessed version that its run or a promotion deployed. */
export function deployedByItself({
  versions,
  endpointEvents,
  promotions,
}: Deployed): { version: ModelVersion; how: string } | null {
  for (const version of versions.filter(({ blessed }) => blessed)) {
    // a push deploys in the transaction that registers the version
    const pushed = endpointEvents.find(
      ({ action, at, after }) =>
        action === 'deploy' && at.getTime() === version.createdAt.getTime() && deploys(after, version),
    );
    if (pushed) return { version, how: `deployed to ${pushed.endpoint} by its run` };
    const promoted = promotions.find((each) => each.state === 'promoted' && isOwnPromotion(version, each));
    if (promoted) return { version, how: `promoted on ${promoted.endpoint} by policy` };
  }
  return null;
}

/** The plan that an event left on the endpoint gives this version answers to clients. */
export function deploys(after: unknown, { name, version }: Pick<ModelVersion, 'name' | 'version'>): boolean {
  if (!Array.isArray(after)) return false;
  const plan = after as Partial<DeploymentPlan>[];
  return plan.some((each) => each.modelName === name && each.version === version && each.role !== 'shadow');
}
