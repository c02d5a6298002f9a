import { type Check, infraCheck } from '../../contracts/artifacts/blessing.ts';
import { readEvidence } from '../../contracts/loop/promotion.ts';
import type { Workflow } from '../../contracts/release.ts';
import { claim, evidence, type Found, type MaturityCheck, short } from './check.ts';
import type { Facts, RunFacts } from './facts.ts';
import {
  automaticRuns,
  crossed,
  firedRun,
  isOwnPromotion,
  judgeOf,
  loadTests,
  outputOf,
  ranWell,
  reads,
  stepOf,
  tested,
  trainedAt,
} from './look-ups.ts';
import { targetsBeforePush } from './targets.ts';

const test = 'mitate test-pipeline pipeline.ts';
const workflow =
  'copy deploy/github/ci.yml and announce.yml to the repository of the pipeline; name it in MITATE_RELEASE_REPOSITORIES of the server';
const several = 2;
/** Milliseconds. A limit that no client waits for is none. */
const longestLatencyMs = 10_000;
const enoughAnswers = 10;

const testedFor = (id: string, title: string, name: string): MaturityCheck => ({
  id,
  title,
  shownBy: 'the newest test of this very code passed this check, made here or sent by a verified workflow',
  notBy: 'a test that a sender says passed; a test of other code, or of another pipeline of the same name',
  gap: `${test}; ${run}`,
  find: (facts) => {
    const found = tested(facts, name);
    if (!found?.check.passed) return null;
    const { origin, at, who } = found.proof;
    const said = `${found.check.said} (${at.toISOString().slice(0, 10)})`;
    return origin === 'sent' ? { claim: `${who} says: ${said}` } : { evidence: said };
  },
});

const run = 'mitate run pipeline.ts';

/** Level 2: how the pipeline itself is built, tested and delivered. */
export const levelTwoChecks: MaturityCheck[] = [
  {
    id: 'L2.1',
    title: 'pipeline source in a repository',
    shownBy:
      'a commit with exactly these files, looked up when the release was made here, or signed by the issuer of the workflow that sent it',
    notBy: 'the commit that a release from elsewhere names',
    gap: 'git commit; mitate run pipeline.ts; mitate release make pipeline.ts',
    find: (facts) => committed(facts),
  },
  {
    id: 'L2.2',
    title: 'pipeline CI',
    shownBy: 'passed tests of the released code, sent by a workflow whose token was verified',
    notBy: 'CI=1 or other variables; the name of a CI run in a test',
    gap: workflow,
    find: ({ proofs, releases }) => {
      const passed = proofs.filter(
        ({ kind, passed, codeDigest }) =>
          kind === 'pipeline-test' && passed && releases.some((release) => release.codeDigest === codeDigest),
      );
      return (
        evidence(
          passed.find(({ origin }) => origin === 'workflow'),
          ({ subject, ci }) =>
            `${subject} passed its tests${ci === null ? '' : ` in ${ci}`}; a verified workflow sent it`,
        ) ??
        claim(
          passed.find(({ ci }) => ci !== null),
          ({ subject, ci, who }) => `${who} says that ${subject} passed its tests in ${ci}`,
        )
      );
    },
  },
  {
    id: 'L2.3',
    title: 'pipeline CD',
    shownBy: 'a release that a verified workflow sent, and whose run trained a model',
    notBy: 'a webhook that a person with the secret sent; the branch that it names',
    gap: workflow,
    find: ({ starts }) => sentByWorkflow(starts, () => true),
  },
  {
    id: 'L2.4',
    title: 'automated triggering, model in registry',
    shownBy:
      'a registered version from a run that trained it, started by a trigger or by a release of a verified workflow',
    notBy: 'a run on demand, an API call or a webhook by hand',
    gap: 'mitate trigger create nightly --pipeline pipeline.ts --cron "0 3 * * *"; mitate worker',
    find: (facts) =>
      evidence(
        facts.versions.find(({ runId }) => facts.trained.has(runId) && automaticRuns(facts).has(runId)),
        ({ name, version, runId }) => `${name}@${version} is from run ${short(runId)}, which started automatically`,
      ),
  },
  {
    id: 'L2.5',
    title: 'model CD',
    shownBy: 'a promotion that the run of the version asked for, and whose checks passed on photos or traffic',
    notBy: 'a promotion started by hand; a policy that skips every stage',
    gap: 'give pusher a promotion policy, and run',
    find: ({ promotions, versions }) =>
      evidence(
        promotions.find(
          (promotion) =>
            promotion.state === 'promoted' &&
            wasJudged(promotion) &&
            versions.some((each) => isOwnPromotion(each, promotion)),
        ),
        ({ modelName, version, endpoint, endedAt }) =>
          `${modelName}@${version} was promoted on ${endpoint} ${endedAt?.toISOString().slice(0, 10)}`,
      ),
  },
  {
    id: 'L2.6',
    title: 'monitoring that triggers',
    shownBy:
      'a live trigger whose endpoint has an enabled monitor with a verdict, and a run that an alert or a measured accuracy started',
    notBy: 'a monitor that has seen too little or failed; a monitor of another endpoint; a run on demand',
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
    shownBy: "the latency of the run's own model, within a limit of at most 10 s",
    notBy: 'a limit that nothing exceeds; the latency of another model',
    gap: 'add infraValidator to the pipeline and run',
    find: ({ training }) =>
      evidence(
        training && judgeOf(training, 'InfraValidator') && latencyOf(training.infraBlessing?.checks),
        ({ value, threshold }) => `${value} ms per request, limit ${threshold}`,
      ),
  },
  {
    id: 'L2.14',
    title: 'the service handles expected inputs',
    shownBy: `at least ${enoughAnswers} answers among the newest 100 requests, and no failure of the server`,
    notBy: 'one answer among failures; answers of a shadow, which no client saw',
    gap: 'mitate predict --endpoint <name> photo.jpg',
    find: ({ answers: { answered, failed } }) =>
      evidence(
        answered >= enoughAnswers && failed === 0 && answered,
        (photos) => `${photos} of the newest requests were answered, none failed`,
      ),
  },
  {
    id: 'L2.15',
    title: 'load test',
    shownBy:
      'the newest load test of an endpoint that exists, made here: long enough, with several clients, within its limit',
    notBy: 'a test that a sender says passed; a test of a moment, of one client, or with a limit that nothing exceeds',
    gap: 'mitate load-test <endpoint> (at least 5 s, 2 clients, 100 photos)',
    find: (facts) =>
      evidence(
        loadTests(facts).find(
          ({ passed, checks }) => passed && checks.some((each) => each.name === 'load' && each.passed),
        ),
        ({ subject, checks, at }) => `${subject}: ${checks[0]?.said} (${at.toISOString().slice(0, 10)})`,
      ),
  },
  {
    id: 'L2.16',
    title: 'data validated for retraining or batch',
    shownBy: 'statistics of the very examples that the model learned from, without an error against the schema',
    notBy: 'the validation of other photos; a validation that found errors',
    gap: 'add exampleValidator to the pipeline and run',
    find: ({ training }) =>
      evidence(training && validated(training), ({ execution }) => execution.summary ?? 'validated'),
  },
  {
    id: 'L2.17',
    title: 'meets targets before deploy',
    shownBy:
      "thresholds on the run's own model that an answer without a look at the photo would miss, met before a push that took place",
    notBy: 'auc >= 0; recall alone; a verdict that nothing waits for',
    gap: 'give evaluator thresholds, wire its blessing to pusher, and run',
    find: ({ training }) =>
      evidence(training && targetsBeforePush(training), (names) => names.join(', ').slice(0, 120)),
  },
  {
    id: 'L2.18',
    title: 'automatic to test',
    shownBy: 'a release that a verified workflow sent to a project set to test, and whose run trained a model',
    notBy: 'a stage that only the sender names; a webhook by hand',
    gap: `mitate project stage default test (on the test server); ${workflow}`,
    find: ({ starts }) => sentByWorkflow(starts, (start) => trainedAt(start, 'test'), 'test'),
  },
  {
    id: 'L2.19',
    title: 'semi-automatic to pre-production after review',
    shownBy:
      'a release that a verified workflow sent after a push to a protected branch, to a project set to pre-production, and whose run trained a model',
    notBy:
      'the approver that the sender names (it is shown, and must be a user); an unprotected branch; a webhook by hand',
    gap: `mitate project stage default pre-production (on that server); protect the branch; ${workflow}`,
    find: ({ starts }) =>
      sentByWorkflow(
        starts,
        (start) => trainedAt(start, 'pre-production') && start.approver !== null && isReviewed(start.workflow),
        'pre-production',
      ),
  },
  {
    id: 'L2.20',
    title: 'manual to production after several successful pre-production runs',
    shownBy: `a deployment from a terminal or by a signed-in person to a project set to production, after ${several} runs of the release that trained a model where the project is set to pre-production`,
    notBy:
      'a webhook, a script or a key; one run counted twice; runs that took their model from the cache; stages that only the sender names',
    gap: `mitate deploy-pipeline latest --env <pre-production> --wait (${several} times, with new photos); mitate deploy-pipeline latest --env <production> --wait`,
    find: (facts) => byHandAfterRuns(facts),
  },
];

function committed({ releases, starts }: Facts): Found {
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
function sentByWorkflow(starts: readonly Start[], also: (start: Start) => boolean, stage?: Start['stage']): Found {
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
const isReviewed = (sender: Workflow | null) => sender?.isProtected === true && sender.event === 'push';

function latencyOf(checks: readonly Check[] | undefined): Check | undefined {
  return checks?.find(
    ({ name, passed, threshold }) =>
      name === infraCheck.latency && passed && threshold !== null && threshold <= longestLatencyMs,
  );
}

/** A check passed on something that was observed. */
function wasJudged({ decisions }: Facts['promotions'][number]): boolean {
  return decisions.some((decision) => readEvidence(decision).checks.some(({ verdict }) => verdict === 'pass'));
}

/** The step that validated what the Trainer read, without an error. */
function validated(training: RunFacts) {
  const [examples, statistics] = [outputOf(training, 'Examples'), outputOf(training, 'ExampleStatistics')];
  const validator = stepOf(training, 'ExampleValidator');
  const isOfThem =
    reads(stepOf(training, 'Trainer'), examples) &&
    reads(stepOf(training, 'StatisticsGen'), examples) &&
    reads(validator, statistics);
  const isClean = outputOf(training, 'ExampleAnomalies')?.properties.blessed === 1;
  return isOfThem && isClean ? validator : undefined;
}

function byHandAfterRuns(facts: Facts): Found {
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

function monitoringTriggers(facts: Facts): Found {
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
