import { evidence, type MaturityCheck, short } from './check.ts';
import type { RunFacts } from './facts.ts';

const run = 'mitate run pipeline.ts --param images=photos';

/** Level 1: metadata of each run. */
export const metadataChecks: MaturityCheck[] = [
  {
    id: 'L1.15',
    title: 'versions are recorded',
    gap: run,
    find: ({ training }) =>
      evidence(
        training?.steps.every(({ execution }) => /@/.test(execution.keyParts.component ?? '')) && training,
        ({ run: { definitionDigest }, steps }) =>
          `definition ${definitionDigest.slice(0, 12)}, ${steps.length} component versions`,
      ),
  },
  {
    id: 'L1.16',
    title: 'start, end and duration',
    gap: run,
    find: ({ training }) =>
      evidence(
        training?.run.finishedAt &&
          training.steps.every(({ execution }) => execution.finishedAt !== null) &&
          training.run,
        ({ startedAt, finishedAt }) =>
          `${startedAt.toISOString()}, ${((finishedAt!.getTime() - startedAt.getTime()) / 1000).toFixed(1)} s`,
      ),
  },
  {
    id: 'L1.17',
    title: 'who ran it',
    gap: run,
    find: ({ training }) => evidence(training?.run.who || null, (who) => who),
  },
  {
    id: 'L1.18',
    title: 'parameters',
    gap: `${run} (with parameters)`,
    find: ({ training }) =>
      evidence(Object.keys(training?.run.parameters ?? {}).length > 0 && training, ({ run: { parameters } }) =>
        JSON.stringify(parameters).slice(0, 120),
      ),
  },
  {
    id: 'L1.19',
    title: 'pointers to every artifact; a run resumes',
    gap: 'mitate runs retry latest',
    find: ({ training, resumed }) =>
      evidence(
        training && resumed && pointers(training),
        (count) =>
          `${count} artifacts with digest; step ${resumed!.step} of run ${short(resumed!.runId)} came from the cache`,
      ),
  },
  {
    id: 'L1.20',
    title: 'pointer to the previous model',
    gap: 'wire baseline of resolver to evaluator, and run a second time',
    find: ({ training }) => evidence(training && baselineOf(training), (id) => `compared with model ${short(id)}`),
  },
  {
    id: 'L1.21',
    title: 'train and test metrics',
    gap: run,
    find: ({ training }) =>
      evidence(
        training?.evaluation && trainMetrics(training),
        (numbers) => `${numbers}; ${Object.keys(training!.evaluation!.metrics).length} metrics on the test split`,
      ),
  },
];

/** Number of artifacts; null when one is missing. */
function pointers({ steps, lost }: RunFacts): number | null {
  const artifacts = steps.flatMap(({ outputs }) => outputs.map(({ artifact }) => artifact));
  const isWhole =
    artifacts.length > 0 &&
    lost === 0 &&
    artifacts.every(({ uri, digest, deletedAt }) => uri !== '' && digest !== '' && deletedAt === null);
  return isWhole ? artifacts.length : null;
}

function baselineOf({ steps }: RunFacts): string | null {
  const verdict = steps.flatMap(({ outputs }) => outputs).find(({ artifact }) => artifact.type === 'ModelBlessing');
  return (verdict?.artifact.properties.baseline_model_id as string | undefined) ?? null;
}

function trainMetrics({ steps }: RunFacts): string | null {
  const trained = steps.flatMap(({ outputs }) => outputs).find(({ artifact }) => artifact.type === 'ModelRun')
    ?.artifact.properties;
  return trained?.eval_accuracy === undefined
    ? null
    : `${trained.epochs} epochs, eval accuracy ${trained.eval_accuracy}`;
}
