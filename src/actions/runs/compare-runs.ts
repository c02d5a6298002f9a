import { join } from 'node:path';
import { z } from 'zod';
import { readArtifactJson } from '../../artifacts/artifact-json.ts';
import { readSummary } from '../../artifacts/examples/read-examples.ts';
import { canonicalJson } from '../../codecs/digest.ts';
import type { PairedDifference, RunComparison } from '../../contracts/api/run-comparison.ts';
import type { StoredArtifact } from '../../contracts/artifact.ts';
import { evaluationSchema } from '../../contracts/artifacts/evaluation.ts';
import type { Logger } from '../../contracts/logger.ts';
import { recordOf } from '../../contracts/record-of.ts';
import type { ExecutionRecord, RunRecord } from '../../contracts/run.ts';
import { isMitateError } from '../../errors/index.ts';
import { compareModels, none } from '../../pipeline/evaluator/compare-models.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { findModel } from '../models/find-model.ts';
import { findRun } from './find-run.ts';
import { type RunDetails, showRun } from './runs.ts';

export interface Comparing {
  /** Absolute path. */
  workspace: string;
  processes: number;
  logger: Logger;
  signal: AbortSignal;
}

type ComparedRun = RunComparison['runs'][number];

interface Side {
  shown: ComparedRun;
  /** Name -> value of everything that a parameter decided. */
  parameters: Map<string, string>;
  /** What the evaluation read; null without one. */
  evaluated: { model: StoredArtifact; examples: StoredArtifact } | null;
}

/**
 * Runs side by side, the first one being what the others are compared with.
 * @param references runs (id, its beginning, `latest`) or model versions (`leaf@3`)
 * @throws RUN_NOT_FOUND, MODEL_NOT_FOUND
 */
export async function compareRuns(
  options: Comparing,
  store: OpenStore,
  references: readonly string[],
): Promise<RunComparison> {
  const sides: Side[] = [];
  for (const reference of references) sides.push(await sideOf(store, reference));
  const [first, ...others] = sides;
  const differences: PairedDifference[] = [];
  for (const [i, other] of others.entries())
    differences.push({ run: i + 1, ...(await pairedDifference(first!, other, options)) });
  return { runs: sides.map(({ shown }) => shown), parameters: unequal(sides), differences };
}

async function pairedDifference(first: Side, other: Side, { workspace, ...options }: Comparing) {
  const [before, after] = [first.evaluated, other.evaluated];
  if (!before || !after) return none('not-evaluated');
  if ([before.model, before.examples, after.model, after.examples].some(({ deletedAt }) => deletedAt !== null))
    return none('files-deleted');
  const modelOf = ({ model, examples }: typeof before) => ({ model, examplesUri: examples.uri });
  return await compareModels(modelOf(before), modelOf(after), { ...options, cacheDir: join(workspace, 'cache') });
}

async function sideOf(store: OpenStore, reference: string): Promise<Side> {
  const { run, version } = await findSubject(store, reference);
  const details = await showRun(store, run.id);
  const outputs = details.executions.flatMap(({ outputs }) => outputs.map(({ artifact }) => artifact));
  const { evaluation, evaluated } = await evaluationOf(store, details, version?.artifactDigest);
  const examples = evaluated?.examples ?? outputs.find(({ type }) => type === 'Examples');
  const pushed = outputs.find(({ type }) => type === 'PushedModel')?.properties;
  const { modelName, version: registered } = pushed ?? {};
  const model =
    typeof modelName === 'string' && typeof registered === 'number' ? { name: modelName, version: registered } : null;
  const { codeDigest: _, pid: __, ...shownRun } = run;
  return {
    shown: {
      reference,
      run: shownRun,
      model: version ? { name: version.name, version: version.version } : model,
      seconds: secondsOf(run),
      steps: details.executions.map((step) => ({ step: step.step, state: step.state, seconds: secondsOf(step) })),
      data: examples ? await dataOf(examples) : null,
      evaluation,
    },
    parameters: await parametersOf(details, outputs),
    evaluated,
  };
}

/** A run, or the run that registered a model version. */
async function findSubject(store: OpenStore, reference: string) {
  const ofVersion = async () => {
    const version = await findModel(store, reference);
    return { run: await findRun(store, version.runId), version };
  };
  if (reference.includes('@')) return await ofVersion();
  try {
    return { run: await findRun(store, reference), version: null };
  } catch (error) {
    if (!isMitateError(error, 'RUN_NOT_FOUND') || (await store.findVersion(reference)) === null) throw error;
    return await ofVersion();
  }
}

/** The run's evaluation of the model, or its first. */
async function evaluationOf(
  store: OpenStore,
  { executions }: RunDetails,
  digest: string | undefined,
): Promise<{ evaluation: ComparedRun['evaluation']; evaluated: Side['evaluated'] }> {
  for (const { id, outputs } of executions) {
    const made = outputs.find(({ artifact }) => artifact.type === 'ModelEvaluation')?.artifact;
    if (!made) continue;
    const { inputs } = await store.executionArtifacts(id);
    const inputOf = (key: string) => inputs.find((input) => input.key === key)?.artifact;
    const [model, examples] = [inputOf('model'), inputOf('examples')];
    if (!model || !examples || (digest !== undefined && model.digest !== digest)) continue;
    const evaluated = { model, examples };
    if (made.deletedAt !== null) return { evaluation: null, evaluated };
    const {
      task,
      labels,
      examples: photos,
      threshold,
      metrics,
    } = await readArtifactJson(join(made.uri, 'evaluation.json'), evaluationSchema);
    return { evaluation: { task, labels, examples: photos, threshold, metrics }, evaluated };
  }
  return { evaluation: null, evaluated: null };
}

async function dataOf({ id, pipeline, digest, uri, deletedAt }: StoredArtifact): Promise<ComparedRun['data']> {
  const about = { examples: id, pipeline, digest };
  if (deletedAt !== null) return { ...about, span: null, version: null, counts: null };
  const { span, version, counts } = await readSummary(uri);
  return { ...about, span, version, counts };
}

function secondsOf({ startedAt, finishedAt }: Pick<RunRecord | ExecutionRecord, 'startedAt' | 'finishedAt'>) {
  return finishedAt && (finishedAt.getTime() - startedAt.getTime()) / 1000;
}

const headSchema = recordOf(z.union([z.string(), z.number()]));

/** Of the run, of its steps, and the whole head that the Trainer used: also what defaults and the Tuner decided. */
async function parametersOf({ run, executions }: RunDetails, outputs: readonly StoredArtifact[]) {
  const found = new Map<string, string>();
  const put = (name: string, value: unknown) =>
    found.set(name, typeof value === 'string' ? value : canonicalJson(value));
  for (const [name, value] of Object.entries(run.parameters)) if (value !== undefined) put(name, value);
  put('seed', run.seed);
  if (run.codeDigest !== null) put('code', run.codeDigest);
  if (run.gitCommit !== null) put('commit', run.gitCommit);
  for (const { step, keyParts } of executions)
    for (const [part, value] of Object.entries(keyParts))
      if (part === 'component' || part.startsWith('parameter.'))
        put(`${step} ${part.replace('parameter.', '')}`, value);
  const trained = outputs.find(({ type, deletedAt }) => type === 'ModelRun' && deletedAt === null);
  const head = trained ? await readArtifactJson(join(trained.uri, 'config.json'), headSchema) : {};
  for (const [name, value] of Object.entries(head)) if (name !== 'seed') put(`head ${name}`, value);
  return found;
}

function unequal(sides: readonly Side[]): RunComparison['parameters'] {
  const names = new Set(sides.flatMap(({ parameters }) => [...parameters.keys()]));
  return [...names]
    .map((name) => ({ name, values: sides.map(({ parameters }) => parameters.get(name) ?? null) }))
    .filter(({ values }) => new Set(values).size > 1);
}
