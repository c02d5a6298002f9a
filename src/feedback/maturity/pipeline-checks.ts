import { infraCheck } from '../../contracts/artifacts/blessing.ts';
import { evidence, type MaturityCheck, short } from './check.ts';
import type { RunFacts, StepFacts } from './facts.ts';
import { deployedByItself, firedRun, isByHand, isLive, ranWell, stepOf, tested } from './look-ups.ts';

const run = 'mitate run pipeline.ts --param images=photos';

/** Level 1: the pipeline. */
export const pipelineChecks: MaturityCheck[] = [
  {
    id: 'L1.1',
    title: 'steps are orchestrated',
    gap: run,
    find: ({ training }) =>
      evidence(
        training && training.steps.length > 1 && training,
        ({ run: { id }, steps }) => `run ${short(id)}: ${steps.length} steps`,
      ),
  },
  {
    id: 'L1.2',
    title: 'continuous training by live triggers',
    gap: 'mitate trigger create nightly --pipeline pipeline.ts --cron "0 3 * * *"; mitate worker',
    find: (facts) =>
      evidence(
        facts.firings.find(
          (firing) =>
            firing.run?.state === 'succeeded' &&
            !isByHand(firing) &&
            facts.triggers.some((each) => each.name === firing.trigger && isLive(each)),
        ),
        ({ trigger, run: of }) => `trigger ${trigger} started run ${short(of!.id)}, which succeeded`,
      ),
  },
  {
    id: 'L1.3',
    title: 'the same pipeline in dev and prod',
    gap: 'mitate deploy-pipeline latest --env prod --wait',
    find: ({ starts }) =>
      evidence(
        // a run on another server succeeded, with code that was checked on arrival
        starts.find(
          (start) =>
            ranWell(start) &&
            (start.stage === 'production' || start.stage === 'pre-production') &&
            (start.isSameDefinition ?? start.place !== null),
        ),
        ({ release, environment }) => `the run of ${release} in ${environment} succeeded`,
      ),
  },
  {
    id: 'L1.4',
    title: 'modular, containerised components',
    gap: 'mitate test-pipeline pipeline.ts (in a container: deploy/Dockerfile)',
    find: (facts) =>
      evidence(
        facts.training && tested(facts, 'container'),
        (found) =>
          `${new Set(facts.training!.steps.map(({ execution }) => execution.component)).size} components; ${found}`,
      ),
  },
  {
    id: 'L1.5',
    title: 'a validated model is deployed automatically',
    gap: `${run} (with a pusher that names an endpoint)`,
    find: (facts) => evidence(deployedByItself(facts), ({ name, version, how }) => `${name}@${version}, ${how}`),
  },
  {
    id: 'L1.6',
    title: 'the deployed unit is the pipeline',
    gap: 'mitate release make pipeline.ts; mitate deploy-pipeline latest --env prod --wait',
    find: ({ starts }) =>
      evidence(
        starts.find((start) => start.stage === 'production' && ranWell(start)),
        ({ release, environment, who }) => `${release} was deployed to ${environment} by ${who}, and its run succeeded`,
      ),
  },
  {
    id: 'L1.7',
    title: 'schema skew stops the run',
    gap: 'wire anomalies of exampleValidator to trainer or transform, and run',
    find: ({ training }) =>
      evidence(
        training && gated(training),
        ({ execution: { step } }) => `step ${step} depends on data without schema anomalies`,
      ),
  },
  {
    id: 'L1.8',
    title: 'value skew starts a retraining',
    gap: 'mitate trigger create drift --pipeline pipeline.ts --drift <endpoint>',
    find: (facts) => evidence(firedRun(facts, 'drift'), ({ trigger, why }) => `${trigger}: ${why}`),
  },
  {
    id: 'L1.9',
    title: 'held-out metrics',
    gap: run,
    find: ({ training }) => evidence(training?.evaluation, ({ examples }) => `evaluated on ${examples} test photos`),
  },
  {
    id: 'L1.10',
    title: 'compared with production and baseline',
    gap: 'wire baseline of resolver to evaluator, and run a second time',
    find: ({ training }) =>
      evidence(
        training?.evaluation?.baselineDigest,
        (digest) => `compared with ${digest.slice(0, 12)} on the same photos`,
      ),
  },
  {
    id: 'L1.11',
    title: 'consistent over slices',
    gap: run,
    find: ({ training }) =>
      evidence(training?.evaluation?.slices.length || null, (slices) => `${slices} slices measured`),
  },
  {
    id: 'L1.12',
    title: 'infrastructure and API check before deploy',
    gap: 'add infraValidator to the pipeline, wire it to pusher, and run',
    find: ({ training }) =>
      evidence(training && checkedBeforePush(training), (checks) => `${checks} checks passed before the push`),
  },
  {
    id: 'L1.13',
    title: 'online validation (canary, A/B)',
    gap: 'mitate promotion start <endpoint>',
    find: ({ promotions }) =>
      evidence(
        promotions.find(({ decisions }) => decisions.some(({ state }) => state === 'canary' || state === 'shadow')),
        ({ modelName, version, endpoint, state }) =>
          `${modelName}@${version} was promoted in steps on ${endpoint}: ${state}`,
      ),
  },
  {
    id: 'L1.14',
    title: 'one feature definition for training and serving',
    gap: 'add infraValidator to the pipeline and run: it compares answers with those of training',
    find: ({ training }) =>
      evidence(
        training && sameFeatures(training),
        (backbone) => `training and serving use backbone ${backbone.slice(0, 12)}, with equal answers`,
      ),
  },
];

function gated({ steps }: RunFacts): StepFacts | undefined {
  return steps.find(
    ({ execution: { component }, inputs }) =>
      ['Trainer', 'Transform'].includes(component) &&
      inputs.some(({ artifact }) => artifact.type === 'ExampleAnomalies'),
  );
}

function checkedBeforePush(training: RunFacts): number | null {
  const isWired = stepOf(training, 'Pusher')?.inputs.some(({ artifact }) => artifact.type === 'InfraBlessing');
  return isWired && training.infraBlessing?.blessed ? training.infraBlessing.checks.length : null;
}

function sameFeatures({ steps, signature, infraBlessing }: RunFacts): string | null {
  const graph = steps.flatMap(({ outputs }) => outputs).find(({ artifact }) => artifact.type === 'TransformGraph');
  const replayed: string[] = [infraCheck.labels, infraCheck.probabilities];
  const held = infraBlessing?.checks.some(({ name, passed }) => passed && replayed.includes(name));
  const trained = graph?.artifact.properties.backbone_digest;
  return held && signature !== null && trained === signature.backbone.digest ? signature.backbone.digest : null;
}
