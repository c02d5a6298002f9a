import { claim, evidence, type MaturityCheck, short } from './check.ts';
import {
  byHandAfterRuns,
  committed,
  isReviewed,
  latencyOf,
  monitoringTriggers,
  sentByWorkflow,
  several,
  validated,
  wasJudged,
} from './level-two-evidence.ts';
import { automaticRuns, isOwnPromotion, judgeOf, loadTests, tested, trainedAt } from './look-ups.ts';
import { targetsBeforePush } from './targets.ts';

const test = 'mitate test-pipeline pipeline.ts';
const workflow =
  'copy deploy/github/ci.yml and announce.yml to the repository of the pipeline; name it in MITATE_RELEASE_REPOSITORIES of the server';
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
