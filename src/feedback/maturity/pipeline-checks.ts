import { evidence, type MaturityCheck, short } from './check.ts';
import { firedRun, ownEvent } from './look-ups.ts';
import {
  baselineServed,
  beyondDevelopment,
  checkedBeforePush,
  containerised,
  gated,
  heldOut,
  isOrchestrated,
  sameFeatures,
  wasOnline,
} from './pipeline-evidence.ts';
import { consistentSlices, enoughPhotos, targetsBeforePush } from './targets.ts';

const run = 'mitate run pipeline.ts --param images=photos';

/** Level 1: the pipeline. */
export const pipelineChecks: MaturityCheck[] = [
  {
    id: 'L1.1',
    title: 'steps are orchestrated',
    shownBy: 'a successful run in which a step read what another step of it made',
    notBy: 'one step; steps that share no data',
    gap: run,
    find: ({ training }) =>
      evidence(
        training && isOrchestrated(training) && training,
        ({ run: { id }, steps }) => `run ${short(id)}: ${steps.length} steps`,
      ),
  },
  {
    id: 'L1.2',
    title: 'continuous training by live triggers',
    shownBy:
      'a trigger that is enabled, that a worker looked at within a day, and that by itself started a run that trained a model',
    notBy:
      'an API call that says that there are photos; a run on demand; a run that took its model from the cache; a deleted trigger of the same name',
    gap: 'mitate trigger create nightly --pipeline pipeline.ts --cron "0 3 * * *"; mitate worker',
    find: (facts) =>
      evidence(
        firedRun(facts, ...(Object.keys(ownEvent) as (keyof typeof ownEvent)[])),
        ({ firing: { trigger, run: of } }) => `trigger ${trigger} started run ${short(of!.id)}, which trained a model`,
      ),
  },
  {
    id: 'L1.3',
    title: 'the same pipeline in dev and prod',
    shownBy:
      'a release that left the place where it was made, and whose run with the same digests trained a model where the project is set to pre-production or production',
    notBy:
      'a stage that only the sender names; a deployment to the workspace itself; a run that took all from the cache',
    gap: 'mitate project stage default production (there); mitate deploy-pipeline latest --env prod --wait',
    find: (facts) => beyondDevelopment(facts, 'production', 'pre-production'),
  },
  {
    id: 'L1.4',
    title: 'modular, containerised components',
    shownBy:
      'several components, and a test of this very code in a container, made here or sent by a verified workflow',
    notBy:
      'a test that a sender says passed; a test of other code; the variable KUBERNETES_SERVICE_HOST outside a container',
    gap: 'mitate test-pipeline pipeline.ts (in a container: deploy/Dockerfile)',
    find: (facts) => containerised(facts),
  },
  {
    id: 'L1.5',
    title: 'a validated model is deployed automatically',
    shownBy: 'a version that its run deployed or promoted, after its evaluation met targets',
    notBy: 'a deployment or promotion by hand; thresholds that any answer meets',
    gap: `${run} (with a pusher that names an endpoint)`,
    find: ({ delivery }) =>
      evidence(
        delivery && targetsBeforePush(delivery.run) && delivery,
        ({ version: { name, version }, how }) => `${name}@${version}, ${how}`,
      ),
  },
  {
    id: 'L1.6',
    title: 'the deployed unit is the pipeline',
    shownBy:
      'a release that left the place where it was made, and whose run trained a model where the project is set to production',
    notBy:
      'a stage that only the sender names; a deployment to the workspace itself; a run that took all from the cache',
    gap: 'mitate release make pipeline.ts; mitate project stage default production (there); mitate deploy-pipeline latest --env prod --wait',
    find: (facts) => beyondDevelopment(facts, 'production'),
  },
  {
    id: 'L1.7',
    title: 'schema skew stops the run',
    shownBy: 'a training step that stops on anomalies, found against a curated schema',
    notBy: 'a schema inferred from the same photos, which they always fit',
    gap: 'give schemaGen a curated schema (from: "schema.json"), wire anomalies of exampleValidator to trainer or transform, and run',
    find: ({ training }) =>
      evidence(
        training && gated(training),
        ({ execution: { step } }) => `step ${step} depends on data without anomalies against a curated schema`,
      ),
  },
  {
    id: 'L1.8',
    title: 'value skew starts a retraining',
    shownBy: 'a live drift trigger, an alert that fired it, and the run that trained a model',
    notBy: 'a run on demand of that trigger; a run that took its model from the cache',
    gap: 'mitate trigger create drift --pipeline pipeline.ts --drift <endpoint>',
    find: (facts) => evidence(firedRun(facts, 'drift'), ({ firing: { trigger, why } }) => `${trigger}: ${why}`),
  },
  {
    id: 'L1.9',
    title: 'held-out metrics',
    shownBy: `an evaluation of the run's own model on at least ${enoughPhotos} test photos, with values`,
    notBy: 'an evaluation of another model; a handful of photos; metrics without a value',
    gap: run,
    find: ({ training }) =>
      evidence(training && heldOut(training), (examples) => `evaluated on ${examples} test photos`),
  },
  {
    id: 'L1.10',
    title: 'compared with production and baseline',
    shownBy: 'a difference, on the same photos, from another registered version that was deployed',
    notBy: 'a comparison with itself, or with a model that never served',
    gap: 'wire baseline of resolver to evaluator, and run a second time',
    find: (facts) => evidence(baselineServed(facts), (version) => `compared with ${version} on the same photos`),
  },
  {
    id: 'L1.11',
    title: 'consistent over slices',
    shownBy: `several slices of at least ${enoughPhotos} test photos, none more than 10 points below the whole`,
    notBy: 'slices that were only measured: a label that is never found has a slice, too',
    gap: `${run} (with more photos of the labels that fall behind, or that are too few)`,
    find: ({ training }) =>
      evidence(
        training?.evaluation && heldOut(training) !== null && consistentSlices(training.evaluation),
        ({ compared, small }) =>
          `none of ${compared} slices is more than 10 points below the whole${small > 0 ? `; ${small} are too small to say` : ''}`,
      ),
  },
  {
    id: 'L1.12',
    title: 'infrastructure and API check before deploy',
    shownBy: "a boot of the run's own model whose checks all passed, wired to a push that took place",
    notBy: 'a check of another model; a check after which nothing was pushed',
    gap: 'add infraValidator to the pipeline, wire it to pusher, and run',
    find: ({ training }) =>
      evidence(training && checkedBeforePush(training), (checks) => `${checks} checks passed before the push`),
  },
  {
    id: 'L1.13',
    title: 'online validation (canary, A/B)',
    shownBy: `a canary that had real traffic of at least ${enoughPhotos} requests a step, and a decision by its failures`,
    notBy: 'a shadow alone; a canary that was ended before it was judged; a policy of a request or two',
    gap: 'mitate promotion start <endpoint>',
    find: ({ promotions }) =>
      evidence(
        promotions.find(wasOnline),
        ({ modelName, version, endpoint, state }) =>
          `${modelName}@${version} had traffic on ${endpoint} in steps and was judged: ${state}`,
      ),
  },
  {
    id: 'L1.14',
    title: 'one feature definition for training and serving',
    shownBy: "a boot of the run's own model that gave the answers of training, with the same backbone",
    notBy: 'equal names alone; a check of another model',
    gap: 'add infraValidator to the pipeline and run: it compares answers with those of training',
    find: ({ training }) =>
      evidence(
        training && sameFeatures(training),
        (backbone) => `training and serving use backbone ${backbone.slice(0, 12)}, with equal answers`,
      ),
  },
];
