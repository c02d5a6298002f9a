import { type Check, infraCheck } from '../../contracts/artifacts/blessing.ts';
import { evidence, type MaturityCheck, short } from './check.ts';
import type { Facts, RunFacts } from './facts.ts';
import { automaticRuns, firedRun, isLive, loadTests, ranWell, stepOf, tested } from './look-ups.ts';

const test = 'mitate test-pipeline pipeline.ts';
const several = 2;

const testedFor = (id: string, title: string, name: string): MaturityCheck => ({
  id,
  title,
  gap: test,
  find: (facts) => tested(facts, name),
});

/** Level 2: how the pipeline itself is built, tested and delivered. */
export const levelTwoChecks: MaturityCheck[] = [
  {
    id: 'L2.1',
    title: 'pipeline source in a repository',
    gap: 'git commit; mitate run pipeline.ts; mitate release make pipeline.ts',
    find: ({ releases }) =>
      evidence(
        releases.find(({ gitCommit }) => gitCommit !== null),
        ({ id, gitCommit }) => `${id} has commit ${gitCommit!.slice(0, 12)}`,
      ),
  },
  {
    id: 'L2.2',
    title: 'pipeline CI',
    gap: 'mitate test-pipeline pipeline.ts in CI (deploy/github/ci.yml), then: mitate release make pipeline.ts',
    find: ({ proofs, releases }) =>
      evidence(
        proofs.find(
          ({ kind, ci, passed, codeDigest }) =>
            kind === 'pipeline-test' &&
            passed &&
            ci !== null &&
            releases.some((release) => release.codeDigest === codeDigest),
        ),
        ({ subject, ci }) => `${subject} passed its tests in ${ci} with the code that was released`,
      ),
  },
  {
    id: 'L2.3',
    title: 'pipeline CD',
    gap: 'mitate release send release.json --to <url> --branch main --approver <name> (deploy/github/deploy.yml)',
    find: ({ starts }) =>
      evidence(
        starts.find((start) => start.via === 'webhook' && ranWell(start)),
        ({ release, branch }) => `${release} was deployed from branch ${branch} by webhook, and its run succeeded`,
      ),
  },
  {
    id: 'L2.4',
    title: 'automated triggering, model in registry',
    gap: 'mitate trigger create nightly --pipeline pipeline.ts --cron "0 3 * * *"; mitate worker',
    find: (facts) =>
      evidence(
        facts.versions.find(({ runId }) => automaticRuns(facts).has(runId)),
        ({ name, version, runId }) => `${name}@${version} is from run ${short(runId)}, which started automatically`,
      ),
  },
  {
    id: 'L2.5',
    title: 'model CD',
    gap: 'give pusher a promotion policy, or: mitate promotion start <endpoint>',
    find: ({ promotions }) =>
      evidence(
        promotions.find(({ state }) => state === 'promoted'),
        ({ modelName, version, endpoint, endedAt }) =>
          `${modelName}@${version} was promoted on ${endpoint} ${endedAt?.toISOString().slice(0, 10)}`,
      ),
  },
  {
    id: 'L2.6',
    title: 'monitoring that triggers',
    gap: 'mitate monitor create --defaults --endpoint <endpoint>; mitate trigger create drift --pipeline pipeline.ts --drift <endpoint>',
    find: (facts) => monitoringTriggers(facts),
  },
  testedFor('L2.7', 'tests of features', 'features'),
  testedFor('L2.8', 'tests of the model', 'model'),
  testedFor('L2.9', 'training converges on a few samples', 'converges'),
  testedFor('L2.10', 'no NaN', 'finite'),
  testedFor('L2.11', 'each component produces its artifacts', 'artifacts'),
  testedFor('L2.12', 'integration', 'integration'),
  {
    id: 'L2.13',
    title: 'the model fits the infrastructure',
    gap: 'add infraValidator to the pipeline and run',
    find: ({ training }) =>
      evidence(
        heldOf(training?.infraBlessing?.checks, infraCheck.latency),
        ({ value, threshold }) => `${value} ms per request, limit ${threshold}`,
      ),
  },
  {
    id: 'L2.14',
    title: 'the service handles expected inputs',
    gap: 'mitate predict --endpoint <name> photo.jpg',
    find: ({ answered }) =>
      evidence(answered > 0 && answered, (photos) => `${photos} of the newest requests succeeded`),
  },
  {
    id: 'L2.15',
    title: 'load test',
    gap: 'mitate load-test <endpoint>',
    find: (facts) =>
      evidence(
        loadTests(facts).find(({ passed }) => passed),
        ({ subject, checks, at }) => `${subject}: ${checks[0]?.said} (${at.toISOString().slice(0, 10)})`,
      ),
  },
  {
    id: 'L2.16',
    title: 'data validated for retraining or batch',
    gap: 'add exampleValidator to the pipeline and run',
    find: ({ training }) =>
      evidence(training && stepOf(training, 'ExampleValidator'), ({ execution }) => execution.summary ?? 'validated'),
  },
  {
    id: 'L2.17',
    title: 'meets targets before deploy',
    gap: 'give evaluator thresholds, wire its blessing to pusher, and run',
    find: ({ training }) => evidence(training && heldBeforePush(training), (names) => names.join(', ').slice(0, 120)),
  },
  {
    id: 'L2.18',
    title: 'automatic to test',
    gap: 'mitate release send release.json --to <url> --branch main --approver <name> --env test --stage test',
    find: ({ starts }) =>
      evidence(
        starts.find((start) => start.stage === 'test' && start.via === 'webhook' && ranWell(start)),
        ({ release, environment }) => `${release} was deployed to ${environment} by webhook, and its run succeeded`,
      ),
  },
  {
    id: 'L2.19',
    title: 'semi-automatic to pre-production after review',
    gap: 'mitate release send release.json --to <url> --branch main --approver <name> --env staging --stage pre-production',
    find: ({ starts }) =>
      evidence(
        starts.find((start) => start.stage === 'pre-production' && start.approver !== null && ranWell(start)),
        ({ release, environment, approver }) => `${release} was deployed to ${environment}, approved by ${approver}`,
      ),
  },
  {
    id: 'L2.20',
    title: 'manual to production after several successful pre-production runs',
    gap: `mitate deploy-pipeline latest --env <pre-production> --wait (${several} times); mitate deploy-pipeline latest --env <production> --wait`,
    find: ({ starts }) =>
      evidence(
        starts.find((start) => isEarnedByHand(start, starts)),
        ({ release, environment, who }) =>
          `${release} was deployed to ${environment} by ${who} after successful pre-production runs`,
      ),
  },
];

function heldOf(checks: readonly Check[] | undefined, name: string): Check | undefined {
  return checks?.find((check) => check.name === name && check.passed);
}

/** Names of the thresholds that held, if the pusher depends on the blessing. */
function heldBeforePush(training: RunFacts): string[] | null {
  const isWired = stepOf(training, 'Pusher')?.inputs.some(({ artifact }) => artifact.type === 'ModelBlessing');
  const names = training.blessing?.checks.map(({ name }) => name) ?? [];
  return isWired && training.blessing?.blessed && names.length > 0 ? names : null;
}

function isEarnedByHand(start: Facts['starts'][number], starts: Facts['starts']): boolean {
  const earlier = starts.filter(
    (each) =>
      each.release === start.release && each.stage === 'pre-production' && ranWell(each) && each.seq < start.seq,
  );
  const runs = new Set(earlier.map(({ runId }) => runId));
  return start.stage === 'production' && start.via !== 'webhook' && ranWell(start) && runs.size >= several;
}

function monitoringTriggers(facts: Facts): string | null {
  const watched = facts.monitors.some(
    ({ isEnabled, name }) => isEnabled && facts.results.some(({ monitor }) => monitor === name),
  );
  const live = facts.triggers.some(
    (each) => isLive(each) && (each.when.kind === 'drift' || each.when.kind === 'performance'),
  );
  const fired = firedRun(facts, 'drift', 'performance');
  return evidence(watched && live && fired, ({ trigger, why }) => `${trigger}: ${why}`);
}
