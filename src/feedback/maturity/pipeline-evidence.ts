import { infraCheck } from '../../contracts/artifacts/blessing.ts';
import { readEvidence } from '../../contracts/loop/promotion.ts';
import { claim, evidence, type Found } from './check.ts';
import type { Facts, RunFacts, StepFacts } from './facts.ts';
import {
  crossed,
  deploys,
  judgeOf,
  outputOf,
  pushedAfter,
  ranWell,
  reads,
  stepOf,
  tested,
  trainedAt,
} from './look-ups.ts';
import { enoughPhotos } from './targets.ts';

export function isOrchestrated({ steps }: RunFacts): boolean {
  return steps.some((from) =>
    steps.some((to) => to !== from && from.outputs.some(({ artifact }) => reads(to, artifact))),
  );
}

export function beyondDevelopment(facts: Facts, ...stages: ('production' | 'pre-production')[]): Found {
  const starts = facts.starts.filter((start) => ranWell(start) && stages.some((stage) => stage === start.stage));
  return (
    evidence(
      starts.find((start) => trainedAt(start, ...stages) && crossed(facts, start) && start.isSameDefinition !== false),
      ({ release, environment, stage }) => `the run of ${release} in ${environment}, set to ${stage}, trained a model`,
    ) ??
    claim(
      starts[0],
      ({ release, environment, stage, who }) => `${who} says that ${environment} is ${stage}, where ${release} ran`,
    )
  );
}

export function containerised(facts: Facts): Found {
  const { training } = facts;
  const found = tested(facts, 'container');
  if (training === null || !found?.check.passed) return null;
  const components = new Set(training.steps.map(({ execution }) => execution.component)).size;
  const said = `${components} components; ${found.check.said}`;
  if (found.proof.origin === 'sent') return { claim: `${found.proof.who} says: ${said}` };
  return evidence(components > 1, () => said);
}

export function gated(training: RunFacts): StepFacts | undefined {
  const [anomalies, schema] = [outputOf(training, 'ExampleAnomalies'), outputOf(training, 'Schema')];
  const isCurated = schema?.properties.curated === true && reads(stepOf(training, 'ExampleValidator'), schema);
  return training.steps.find(
    (step) => isCurated && ['Trainer', 'Transform'].includes(step.execution.component) && reads(step, anomalies),
  );
}

/** Number of test photos. */
export function heldOut(training: RunFacts): number | null {
  const { evaluation } = training;
  const isMeasured =
    evaluation !== null &&
    judgeOf(training, 'Evaluator') !== null &&
    evaluation.examples >= enoughPhotos &&
    typeof evaluation.metrics.accuracy?.value === 'number';
  return isMeasured ? evaluation.examples : null;
}

export function baselineServed({ training, versions, endpointEvents }: Facts): string | null {
  const { baselineDigest = null, modelDigest, baseline } = training?.evaluation ?? {};
  if (baselineDigest === null || baselineDigest === modelDigest || !baseline) return null;
  const version = versions.find(
    (each) => each.artifactDigest === baselineDigest && endpointEvents.some(({ after }) => deploys(after, each)),
  );
  return version === undefined ? null : `${version.name}@${version.version}`;
}

export function checkedBeforePush(training: RunFacts): number | null {
  const checks = training.infraBlessing?.checks ?? [];
  const isChecked = pushedAfter(training, 'InfraBlessing') && judgeOf(training, 'InfraValidator') !== null;
  const names: string[] = checks.filter(({ passed }) => passed).map(({ name }) => name);
  const isWhole = names.length === checks.length && names.includes(infraCheck.latency);
  return isChecked && isWhole && training.infraBlessing?.blessed ? checks.length : null;
}

/** A canary step of enough requests ended with a verdict on its failures. */
export function wasOnline({ decisions, policy }: Facts['promotions'][number]): boolean {
  const judged = decisions.some((decision, i) => {
    const [failures] = readEvidence(decision).checks.filter(({ id }) => id === 'errors');
    const wasCanary = decisions.slice(0, i).some(({ state }) => state === 'canary');
    return wasCanary && (failures?.verdict === 'pass' || failures?.verdict === 'fail');
  });
  return judged && policy.canary.requestsAStep >= enoughPhotos;
}

export function sameFeatures(training: RunFacts): string | null {
  const { signature, infraBlessing } = training;
  const replayed: string[] = [infraCheck.labels, infraCheck.probabilities];
  const checks = infraBlessing?.checks.filter(({ name }) => replayed.includes(name)) ?? [];
  const held =
    checks.length > 0 && checks.every(({ passed }) => passed) && judgeOf(training, 'InfraValidator') !== null;
  const trained = outputOf(training, 'TransformGraph')?.properties.backbone_digest;
  return held && signature !== null && trained === signature.backbone.digest ? signature.backbone.digest : null;
}
