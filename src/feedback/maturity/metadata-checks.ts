import { claim, evidence, type Found, type MaturityCheck, short } from './check.ts';
import type { Facts, RunFacts } from './facts.ts';
import { judgeOf, outputOf } from './look-ups.ts';

const run = 'mitate run pipeline.ts --param images=photos';

/** Level 1: metadata of each run. */
export const metadataChecks: MaturityCheck[] = [
  {
    id: 'L1.15',
    title: 'versions are recorded',
    shownBy: 'digests of definition and code of the run, and the version of each component',
    notBy: 'a run without a pipeline file; a component without a version',
    gap: run,
    find: ({ training }) =>
      evidence(
        training !== null &&
          training.run.codeDigest !== null &&
          training.steps.every(({ execution }) => /.@./.test(execution.keyParts.component ?? '')) &&
          training,
        ({ run: { definitionDigest, codeDigest }, steps }) =>
          `definition ${definitionDigest.slice(0, 12)}, code ${codeDigest!.slice(0, 12)}, ${steps.length} component versions`,
      ),
  },
  {
    id: 'L1.16',
    title: 'start, end and duration',
    shownBy: 'start and end of the run and of each step, in this order',
    notBy: 'a step without an end, or one that ended before it began',
    gap: run,
    find: ({ training }) =>
      evidence(
        training &&
          [training.run, ...training.steps.map(({ execution }) => execution)].every(
            ({ startedAt, finishedAt }) => finishedAt !== null && finishedAt >= startedAt,
          ) &&
          training.run,
        ({ startedAt, finishedAt }) =>
          `${startedAt.toISOString()}, ${((finishedAt!.getTime() - startedAt.getTime()) / 1000).toFixed(1)} s`,
      ),
  },
  {
    id: 'L1.17',
    title: 'who ran it',
    shownBy: 'the account of the machine, the key, the signed-in user or the trigger that started the run',
    notBy: 'the approver that a webhook names',
    gap: run,
    find: ({ training, starts }) => whoRan(training, starts),
  },
  {
    id: 'L1.18',
    title: 'parameters',
    shownBy: 'parameters of the run on record',
    notBy: 'a pipeline without parameters',
    gap: `${run} (with parameters)`,
    find: ({ training }) =>
      evidence(Object.keys(training?.run.parameters ?? {}).length > 0 && training, ({ run: { parameters } }) =>
        JSON.stringify(parameters).slice(0, 120),
      ),
  },
  {
    id: 'L1.19',
    title: 'pointers to every artifact; a run resumes',
    shownBy:
      'files of the recorded size behind every pointer, and a successful run that took a step from a run that had failed',
    notBy: 'an empty or cut folder; a step from the cache of a run that had succeeded',
    gap: 'mitate runs retry latest (after a run that failed or was stopped)',
    find: ({ training, resumed }) =>
      evidence(
        training && resumed && pointers(training),
        (count) =>
          `${count} artifacts with digest; run ${short(resumed!.runId)} took step ${resumed!.step} from run ${short(resumed!.failedRunId)}, which had failed`,
      ),
  },
  {
    id: 'L1.20',
    title: 'pointer to the previous model',
    shownBy: "the verdict on the run's own model names another registered model",
    notBy: 'an id that is not registered, or its own',
    gap: 'wire baseline of resolver to evaluator, and run a second time',
    find: (facts) => evidence(baselineOf(facts), (id) => `compared with model ${short(id)}`),
  },
  {
    id: 'L1.21',
    title: 'train and test metrics',
    shownBy: "numbers of the training and of the evaluation of the run's own model",
    notBy: 'no epoch; metrics without a value',
    gap: run,
    find: ({ training }) =>
      evidence(
        training?.evaluation && judgeOf(training, 'Evaluator') && trainMetrics(training),
        (numbers) => `${numbers}; ${measured(training)} metrics on the test split`,
      ),
  },
];

function whoRan(training: RunFacts | null, starts: Facts['starts']): Found {
  if (!training?.run.who) return null;
  const { id, who } = training.run;
  const start = starts.find(({ runId }) => runId === id);
  if (!who.startsWith('webhook:')) return { evidence: who };
  if (start?.workflow) return { evidence: `workflow run ${start.workflow.run} of ${start.workflow.repository}` };
  return claim(who, (named) => `${named.slice('webhook:'.length)}, as the sender of the webhook says`);
}

/** Number of artifacts; null when one is missing. */
function pointers({ steps, lost }: RunFacts): number | null {
  const artifacts = steps.flatMap(({ outputs }) => outputs.map(({ artifact }) => artifact));
  const isWhole =
    artifacts.length > 0 &&
    lost === 0 &&
    artifacts.every(({ uri, digest, deletedAt }) => uri !== '' && digest !== '' && deletedAt === null);
  return isWhole ? artifacts.length : null;
}

function baselineOf({ training, versions }: Facts): string | null {
  const verdict = training && judgeOf(training, 'Evaluator') && outputOf(training, 'ModelBlessing');
  const id = verdict?.properties.baseline_model_id;
  const isAnother = versions.some(({ artifactId }) => artifactId === id) && id !== outputOf(training!, 'Model')?.id;
  return typeof id === 'string' && isAnother ? id : null;
}

const measured = (training: RunFacts | null) =>
  Object.values(training?.evaluation?.metrics ?? {}).filter(({ value }) => value !== null).length;

function trainMetrics(training: RunFacts): string | null {
  const { epochs, eval_accuracy: accuracy } = outputOf(training, 'ModelRun')?.properties ?? {};
  const isTrained =
    typeof epochs === 'number' && epochs > 0 && typeof accuracy === 'number' && Number.isFinite(accuracy);
  return isTrained && measured(training) > 0 ? `${epochs} epochs, eval accuracy ${accuracy}` : null;
}
