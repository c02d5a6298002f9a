import { storedError } from '../../contracts/run.ts';
import { toMitateError } from '../../errors/index.ts';
import type { ArtifactStore } from '../../store/artifacts/artifacts.ts';
import { localArtifacts } from '../../store/artifacts/fs.ts';
import type { Store } from '../../store/store.ts';
import { workspaceAt } from '../../store/workspace/workspace.ts';
import { definitionDigest } from '../define/compile.ts';
import { isPipeline, type Pipeline } from '../define/define-pipeline.ts';
import { codeDigestOf } from '../release/collect-code.ts';
import type { RunSummary } from '../summary.ts';
import type { RunFrame, RunStep } from './frame.ts';
import { newId } from './ids.ts';
import { type Program, programHere } from './program.ts';
import type { RunOptions } from './run-options.ts';
import { resolveRunParameters } from './run-parameters.ts';
import { StepRunner } from './step-runner.ts';
import { summariseRun } from './summarise-run.ts';
import { gitCommitOf, whoAmI } from './who.ts';

const everyMs = 1000;

/**
 * Runs a pipeline: lints it with its parameters, then takes each step's outputs from the cache or runs it. Failed steps and a cancel are reported in
 * the summary, not thrown.
 * Throws, before anything runs: PIPELINE_PARAMETERS_INVALID, PIPELINE_INVALID.
 */
export async function runPipeline(pipeline: Pipeline | Program, options: RunOptions): Promise<RunSummary> {
  const { store, source, part, cwd = process.cwd(), maxParallel = 2, now = () => new Date() } = options;
  const program = isPipeline(pipeline) ? programHere(pipeline) : pipeline;
  const values = resolveRunParameters(program, options.parameters ?? {}, {
    cwd,
    ...(source !== undefined && { source }),
  });
  const { definition, steps: all, codeDigest = await digestOf(source) } = await program.prepare(values);
  const runSteps = part ? all.filter(({ name }) => name === part.step).map(part.prepare) : all;
  const run = {
    runId: options.id ?? newId(now().getTime()),
    definition,
    values,
    seed: (options.seed ?? program.seed) >>> 0,
  };
  const { runId } = run;
  const started = performance.now();
  const emit = options.onEvent ?? (() => {});
  await recordRun({ ...run, codeDigest, startedAt: now() }, options);
  emit({ type: 'run-started', runId, pipeline: program.name, steps: stepNames(runSteps) });
  using cancel = watchCancel(store, runId, options.signal);
  const workspace = workspaceAt(options.workspace);
  const artifacts = part?.artifacts ?? localArtifacts(workspace.artifacts);
  const names = runSteps.map(({ name }) => name);
  const frame: RunFrame = {
    ...run,
    ...{ store, artifacts, workspace, emit, now },
    processes: options.processes,
    signal: cancel.signal,
    who: options.who ?? whoAmI(),
    before: await store.previousKeyParts(program.name, names),
  };
  await clearStaged(store, artifacts);
  const steps = await failRunOnThrow(store, runId, async () => {
    const ended = part && (await part.before(runId, runSteps[0]!));
    return await new StepRunner(frame, ended).runAll(runSteps, maxParallel);
  });
  const summary = summariseRun(
    runId,
    program.name,
    (performance.now() - started) / 1000,
    steps,
    await store.listDeployments(),
  );
  await store.finishRun(runId, summary.state, summary.error);
  emit({ type: 'run-finished', summary });
  return summary;
}

interface Coded {
  codeDigest: string | null;
  startedAt: Date;
}

const digestOf = async (source?: string) => (source === undefined ? null : await codeDigestOf(source));

async function recordRun(
  {
    runId,
    definition,
    values,
    seed,
    codeDigest,
    startedAt,
  }: Pick<RunFrame, 'runId' | 'definition' | 'values' | 'seed'> & Coded,
  { store, source, trigger, who, experiment, note }: RunOptions,
) {
  const run = {
    id: runId,
    pipeline: definition.name,
    parameters: values,
    seed,
    definitionDigest: definitionDigest(definition),
    source: source ?? null,
    codeDigest,
    gitCommit: source ? await gitCommitOf(source) : null,
    who: who ?? whoAmI(),
    pid: process.pid,
    trigger: trigger ?? 'demand',
    experiment: experiment ?? null,
    note: note ?? null,
    startedAt,
  };
  await store.createRun(run, definition);
}

function stepNames(steps: readonly RunStep[]) {
  return steps.map(({ name, component }) => ({ name, component: component.spec.name }));
}

/** A throw here is a defect or a lost database: the run must not stay "running". */
async function failRunOnThrow<T>(store: Store, runId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    await store.finishRun(runId, 'failed', storedError(toMitateError(thrown))).catch(() => {});
    throw thrown;
  }
}

/** Removes the staged outputs of killed executions; those of running ones stay. */
async function clearStaged(store: Store, artifacts: ArtifactStore): Promise<void> {
  for (const { executionId } of await artifacts.listStaged()) {
    const execution = await store.getExecution(executionId);
    if (execution?.state !== 'running') await artifacts.discard(executionId);
  }
}

/** A signal that follows the given one, and `mitate runs cancel` in another process, polled every second. */
function watchCancel(store: Store, runId: string, given?: AbortSignal): { signal: AbortSignal } & Disposable {
  const requested = new AbortController();
  let isPolling = false;
  const poll = async () => {
    if (isPolling) return;
    isPolling = true;
    // an unavailable database is reported by the steps
    const run = await store.getRun(runId).catch(() => null);
    isPolling = false;
    if (run?.cancelRequested) requested.abort();
  };
  const timer = setInterval(poll, everyMs);
  timer.unref();
  const signal = given ? AbortSignal.any([given, requested.signal]) : requested.signal;
  return { signal, [Symbol.dispose]: () => clearInterval(timer) };
}
