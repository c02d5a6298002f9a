import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Config } from '../../config/index.ts';
import { loadPipeline } from '../../orchestrator/define/load-pipeline.ts';
import { readExecutorInput } from '../../orchestrator/engine/executor-input.ts';
import { type EngineStep, runEngineStep } from '../../orchestrator/engine/run-engine-step.ts';
import type { RunSummary } from '../../orchestrator/summary.ts';
import { openStore } from '../../store/open-store.ts';
import { withStore } from '../with-store.ts';

export interface StepRequest extends Pick<EngineStep, 'step' | 'definition' | 'job' | 'signal' | 'onEvent'> {
  config: Config;
  file: string;
  /** JSON. */
  executorInput: string;
}

/**
 * Runs one step in an engine's container. Its execution is recorded in the PostgreSQL of MITATE_DATABASE_URL; without it, in a workspace
 * that is deleted afterwards.
 * @throws PIPELINE_FILE_INVALID, and what `runEngineStep` throws
 */
export async function runStep({ config, file, executorInput, ...request }: StepRequest): Promise<RunSummary> {
  const input = readExecutorInput(executorInput);
  const source = resolve(file);
  const pipeline = await loadPipeline(source);
  const { workspace, processes } = config;
  const step = { ...request, pipeline, source, input, processes };
  if (config.databaseUrl !== null)
    return await withStore(config, {}, (store) => runEngineStep({ ...step, store, workspace, lasting: true }));
  const passing = await mkdtemp(join(tmpdir(), 'mitate-step-'));
  try {
    await using store = await openStore({ workspace: passing });
    return await runEngineStep({ ...step, store, workspace: passing, lasting: false });
  } finally {
    await rm(passing, { recursive: true, force: true });
  }
}
