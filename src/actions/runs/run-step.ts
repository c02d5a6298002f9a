import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Config } from '../../config/index.ts';
import { MitateError } from '../../errors/index.ts';
import { loadPipeline } from '../../orchestrator/define/load-pipeline.ts';
import type { ArtifactAccess } from '../../orchestrator/engine/artifact-access.ts';
import { directFiles, mountedFiles } from '../../orchestrator/engine/engine-files.ts';
import { readExecutorInput } from '../../orchestrator/engine/executor-input.ts';
import { type EngineStep, runEngineStep } from '../../orchestrator/engine/run-engine-step.ts';
import type { RunSummary } from '../../orchestrator/summary.ts';
import { openStore } from '../../store/open-store.ts';
import { LocalCopies } from '../../store/shared/local-copies.ts';
import { withStore } from '../with-store.ts';

/** What a step that is recorded, or is not, has of its own. */
type Place = Pick<EngineStep, 'store' | 'workspace' | 'lasting' | 'files'>;

export interface StepRequest extends Pick<EngineStep, 'step' | 'definition' | 'job' | 'signal' | 'onEvent'> {
  config: Config;
  file: string;
  /** JSON. */
  executorInput: string;
  artifacts: ArtifactAccess;
}

/**
 * Runs one step in an engine's container. Its execution is recorded in the PostgreSQL of MITATE_DATABASE_URL; without it, in a workspace
 * that is deleted afterwards.
 * @throws PIPELINE_FILE_INVALID, STEP_DIRECT_WITH_DATABASE, and what `runEngineStep` throws
 */
export async function runStep({
  config,
  file,
  executorInput,
  artifacts,
  ...request
}: StepRequest): Promise<RunSummary> {
  const input = readExecutorInput(executorInput);
  const source = resolve(file);
  const pipeline = await loadPipeline(source);
  const { workspace, processes, databaseUrl } = config;
  const run = (place: Place) => runEngineStep({ ...request, ...place, pipeline, source, input, processes });
  if (databaseUrl !== null) {
    if (artifacts === 'direct') throw new MitateError('STEP_DIRECT_WITH_DATABASE', {});
    const files = mountedFiles();
    return await withStore(config, {}, (store) => run({ store, workspace, files, lasting: true }));
  }
  const passing = await mkdtemp(join(tmpdir(), 'mitate-step-'));
  try {
    await using store = await openStore({ workspace: passing });
    const place = { store, workspace: passing, lasting: false };
    if (artifacts === 'mounted') return await run({ ...place, files: mountedFiles() });
    const { folder, maxBytes } = config.artifactCopies;
    await using copies = await LocalCopies.open(folder ?? join(passing, 'copies'), maxBytes);
    return await run({ ...place, files: directFiles(copies, request.signal) });
  } finally {
    await rm(passing, { recursive: true, force: true });
  }
}
