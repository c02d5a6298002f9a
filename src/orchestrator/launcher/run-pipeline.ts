import { toMitateError } from '../../errors/index.ts';
import { localArtifacts } from '../../store/artifacts/fs.ts';
import { workspaceAt } from '../../store/workspace/workspace.ts';
import { compilePipeline, definitionDigest } from '../define/compile.ts';
import type { Pipeline } from '../define/define-pipeline.ts';
import type { PipelineDefinition } from '../define/definition.ts';
import { requireSound } from '../lint/lint.ts';
import { codeDigestOf } from '../release/collect-code.ts';
import type { RunSummary, StepSummary } from '../summary.ts';
import { watchCancel } from './cancel-watch.ts';
import { clearStaged } from './clear-staged.ts';
import type { RunFrame, RunStep } from './frame.ts';
import { newId } from './ids.ts';
import type { RunOptions } from './run-options.ts';
import { resolveRunParameters } from './run-parameters.ts';
import { runSteps } from './run-steps.ts';
import { storedError } from './step-error.ts';
import { summariseRun } from './summarise-run.ts';
import { gitCommitOf, whoAmI } from './who.ts';

/**
 * Runs a pipeline: lints it with its parameters, then takes each step's outputs from the cache or runs it. A step that fails or a cancel
 * is told in the summary, not thrown.
 * Throws, before anything runs: PIPELINE_PARAMETERS_INVALID, PIPELINE_INVALID.
 */
export async function runPipeline(pipeline: Pipeline, options: RunOptions): Promise<RunSummary> {
  const { store, source, cwd = process.cwd(), maxParallel = 2 } = options;
  const values = resolveRunParameters(pipeline, options.parameters ?? {}, { cwd, source });
  requireSound(pipeline, values);
  const definition = compilePipeline(pipeline);
  const runId = options.id ?? newId();
  const started = performance.now();
  const emit = options.onEvent ?? (() => {});
  const run = { runId, pipeline, definition, values, seed: (options.seed ?? pipeline.seed) >>> 0 };
  await recordRun(run, options);
  emit({ type: 'run-started', runId, pipeline: pipeline.name, steps: stepNames(definition) });
  using cancel = watchCancel(store, runId, options.signal);
  const frame: RunFrame = {
    ...run,
    store,
    artifacts: localArtifacts(workspaceAt(options.workspace).artifacts),
    workspace: workspaceAt(options.workspace),
    processes: options.processes,
    signal: cancel.signal,
    emit,
    who: options.who ?? whoAmI(),
    before: await store.previousKeyParts(
      pipeline.name,
      definition.steps.map(({ name }) => name),
    ),
    ended: new Map(),
  };
  await clearStaged(store, frame.artifacts);
  await finishWhatever(frame, () => runSteps(frame, pairs(pipeline, definition), maxParallel));
  const steps = definition.steps.map(({ name }) => frame.ended.get(name) as StepSummary);
  const summary = summariseRun(runId, pipeline.name, (performance.now() - started) / 1000, steps);
  await store.finishRun(runId, summary.state, summary.error);
  emit({ type: 'run-finished', summary });
  return summary;
}

type Run = Pick<RunFrame, 'runId' | 'pipeline' | 'definition' | 'values' | 'seed'>;

async function recordRun(
  { runId, pipeline, definition, values, seed }: Run,
  { store, source, trigger, who }: RunOptions,
) {
  await store.createRun({
    id: runId,
    pipeline: pipeline.name,
    parameters: values,
    seed,
    definitionDigest: definitionDigest(definition),
    source: source ?? null,
    codeDigest: source ? await codeDigestOf(source) : null,
    gitCommit: source ? await gitCommitOf(source) : null,
    who: who ?? whoAmI(),
    pid: process.pid,
    trigger: trigger ?? 'demand',
    startedAt: new Date(),
  });
}

function stepNames({ steps }: PipelineDefinition) {
  return steps.map(({ name, component }) => ({ name, component: component.name }));
}

function pairs({ steps }: Pipeline, definition: PipelineDefinition): RunStep[] {
  return steps.map((step, i) => ({ step, definition: definition.steps[i]! }));
}

/** A throw here is a defect or a lost database: the run must not stay "running". */
async function finishWhatever({ store, runId }: RunFrame, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    await store.finishRun(runId, 'failed', storedError(toMitateError(thrown))).catch(() => {});
    throw thrown;
  }
}
