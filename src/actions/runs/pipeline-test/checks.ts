import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readArtifactJson, readArtifactLines } from '../../../artifacts/artifact-json.ts';
import { type Blessing, infraCheck } from '../../../contracts/artifacts/blessing.ts';
import { evaluationSchema } from '../../../contracts/artifacts/evaluation.ts';
import type { Proof } from '../../../contracts/release.ts';
import type { Pipeline } from '../../../orchestrator/define/define-pipeline.ts';
import type { RunSummary } from '../../../orchestrator/summary.ts';
import { validateModel } from '../../../pipeline/infra-validator/validate-model.ts';

type Checks = Proof['checks'];
type Check = Checks[number];

/** Checks of a pipeline after a run on a few photos. A check without its step in the pipeline fails. */
export async function checkRun(pipeline: Pipeline, run: RunSummary): Promise<Checks> {
  const model = uriOf(run, 'Model');
  const booted =
    model === null ? null : await validateModel(model, { examplesUri: uriOf(run, 'Examples') ?? undefined });
  const losses = await lossesOf(run);
  return [
    integration(run),
    await artifactsMade(pipeline, run),
    features(booted),
    finite(booted, losses),
    converges(losses),
    await modelKnows(run),
  ];
}

/** From the last step that made one; a resolver's model comes from another run. */
function uriOf({ steps }: RunSummary, type: string): string | null {
  const made = steps
    .filter(({ component }) => component !== 'Resolver')
    .flatMap(({ artifacts }) => Object.values(artifacts));
  return made.find((artifact) => artifact.type === type)?.uri ?? null;
}

const check = (name: string, passed: boolean, said: string): Check => ({ name, passed, said });

function integration({ state, steps, seconds, error }: RunSummary): Check {
  const said = error ? `${error.code}: ${error.message}` : `${steps.length} steps in ${seconds.toFixed(1)} s`;
  return check('integration', state === 'succeeded', said.slice(0, 2_000));
}

async function artifactsMade({ steps }: Pipeline, run: RunSummary): Promise<Check> {
  const missing: string[] = [];
  let made = 0;
  for (const { name, component } of steps) {
    const artifacts = run.steps.find((step) => step.name === name)?.artifacts ?? {};
    for (const [key, { optional }] of Object.entries(component.spec.outputs)) {
      const artifact = artifacts[key];
      const isThere =
        artifact !== undefined &&
        (await stat(artifact.uri).then(
          (found) => found.isDirectory(),
          () => false,
        ));
      if (isThere) made++;
      else if (!optional) missing.push(`${name}.${key}`);
    }
  }
  return check(
    'artifacts',
    missing.length === 0 && made > 0,
    missing.length > 0 ? `missing: ${missing.join(', ')}` : `${made} artifacts`,
  );
}

/** Serving computes the features that training learned from. */
function features(booted: Blessing | null): Check {
  const same = booted?.checks.filter(({ name }) => name.endsWith('as at training')) ?? [];
  const passed = same.length > 0 && same.every((each) => each.passed);
  return check(
    'features',
    passed,
    same.map(({ name, value }) => `${name}: ${value}`).join('; ') || 'no model could be booted',
  );
}

function finite(booted: Blessing | null, losses: readonly number[]): Check {
  const answers = booted?.checks.find(({ name }) => name === infraCheck.finite);
  const passed = answers?.passed === true && losses.length > 0 && losses.every(Number.isFinite);
  return check(
    'finite',
    passed,
    answers ? `${answers.value ?? 0} numbers of the model and no loss are not finite` : 'no model could be booted',
  );
}

/** Required share of the first epoch's loss, when the weights are hardly trained. */
const fallen = 0.5;

function converges(losses: readonly number[]): Check {
  const [first = Number.NaN, least] = [losses[0], Math.min(...losses)];
  const said =
    losses.length === 0
      ? 'nothing was trained'
      : `loss ${first.toFixed(3)} -> ${least.toFixed(3)} in ${losses.length} epochs`;
  return check('converges', least < fallen * first, said);
}

const epochSchema = z.object({ loss: z.number().nullable() });

async function lossesOf(run: RunSummary): Promise<number[]> {
  const trained = uriOf(run, 'ModelRun');
  if (trained === null) return [];
  const epochs = await readArtifactLines(join(trained, 'history.jsonl'), epochSchema);
  // JSON has null for NaN and Infinity
  return epochs.map(({ loss }) => loss ?? Number.NaN);
}

/** Certainly (95 %) better on its test photos than always answering the most frequent label. */
async function modelKnows(run: RunSummary): Promise<Check> {
  const uri = uriOf(run, 'ModelEvaluation');
  if (uri === null) return check('model', false, 'the pipeline has no evaluator');
  const { metrics, confusion, headMetrics } = await readArtifactJson(join(uri, 'evaluation.json'), evaluationSchema);
  const sizes = confusion.map((row) => row.reduce((sum, n) => sum + n, 0));
  const guessing = Math.max(...sizes) / sizes.reduce((sum, n) => sum + n, 0);
  const { value, low } = (headMetrics ?? metrics).accuracy ?? { value: null, low: null };
  return check(
    'model',
    low !== null && low > guessing,
    `accuracy ${value?.toFixed(3)} on the test split, at least ${low?.toFixed(3)}; guessing ${guessing.toFixed(3)}`,
  );
}
