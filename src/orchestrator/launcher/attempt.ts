import type { Artifact } from '../../contracts/artifact.ts';
import type { ComponentModule, RunContext, RunResult } from '../../contracts/component.ts';
import { isMitateError } from '../../errors/index.ts';
import { goldenPath } from '../golden-files.ts';
import { withDeadline } from './deadline.ts';
import type { RunFrame, RunStep } from './frame.ts';
import { newId } from './ids.ts';
import type { StepInputs } from './inputs.ts';
import { ProgressMeter } from './progress.ts';
import { publishResult, stageOutputs } from './publish.ts';
import { stepError, storedError } from './step-error.ts';
import type { StepLog } from './step-log.ts';

/** A step that is about to run: everything is known but its result. */
export interface ReadyStep {
  run: RunStep;
  load: () => Promise<ComponentModule>;
  inputs: StepInputs;
  parameters: Record<string, unknown>;
  keyParts: Record<string, string>;
  cacheKey: string | null;
  log: StepLog;
}

/** One execution of a component; it is recorded before it starts, and ended whatever happens. Throws catalogue errors only. */
export async function attemptStep(
  frame: RunFrame,
  ready: ReadyStep,
  attempt: number,
): Promise<{ artifacts: Record<string, Artifact>; summary: string | null }> {
  const executionId = newId();
  const { name, component } = ready.run.step;
  await startExecution(frame, ready, executionId, attempt);
  frame.emit({ type: 'step-started', step: name, component: component.spec.name, attempt, executionId });
  try {
    const folders = await stageOutputs(frame, ready.run, executionId);
    const result = await runComponent(frame, ready, folders);
    const artifacts = await publishResult(frame, ready.run, executionId, folders, result);
    return { artifacts, summary: result.summary ?? null };
  } catch (thrown) {
    const error = stepError(thrown, name, ready.log.path);
    const state = isMitateError(error, 'CANCELLED') ? 'cancelled' : 'failed';
    ready.log.error(error.message, { code: error.code, stack: stackOf(thrown) });
    await frame.store.failExecution(executionId, state, storedError(error));
    throw error;
  } finally {
    await frame.artifacts.discard(executionId);
  }
}

function stackOf(thrown: unknown): string | undefined {
  return thrown instanceof Error ? thrown.stack : undefined;
}

async function startExecution(frame: RunFrame, ready: ReadyStep, id: string, attempt: number): Promise<void> {
  const { run, inputs, cacheKey, keyParts } = ready;
  const edges = Object.entries(inputs).flatMap(([key, artifact]) =>
    artifact ? [{ key, artifactId: artifact.id }] : [],
  );
  const { name: step, component } = run.step;
  const startedAt = new Date();
  await frame.store.startExecution(
    { id, runId: frame.runId, step, component: component.spec.name, cacheKey, keyParts, attempt, startedAt },
    edges,
  );
}

async function runComponent(frame: RunFrame, ready: ReadyStep, outputs: Record<string, string>): Promise<RunResult> {
  const { step, definition } = ready.run;
  const meter = new ProgressMeter();
  const module = await ready.load();
  const run = (signal: AbortSignal) => {
    const context: RunContext = {
      inputs: ready.inputs as RunContext['inputs'],
      outputs,
      parameters: ready.parameters,
      logger: ready.log,
      progress(done, total, unit) {
        const progress = meter.update(done, total, unit);
        if (progress) frame.emit({ type: 'step-progress', step: step.name, progress });
      },
      now: () => new Date(),
      seed: step.component.spec.seeded === false ? 0 : frame.seed,
      signal,
      cacheDir: frame.workspace.cache,
      processes: frame.processes,
      erasedPhotos: (photos) => frame.store.erasedPhotos(photos),
      goldenPhotos: () => frame.store.goldenPhotos(),
      goldenFile: (photo) => goldenPath({ workspace: frame.workspace, project: frame.store.project }, photo),
    };
    return module.run(context);
  };
  return (await withDeadline(step.name, definition.timeoutMs, frame.signal, run)) ?? {};
}
