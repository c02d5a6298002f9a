import type { Config } from '../../config/index.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { StoredArtifact } from '../../contracts/artifact.ts';
import type { ExecutionRecord, RunRecord } from '../../contracts/run.ts';
import { MitateError } from '../../errors/index.ts';
import type { Listener } from '../../orchestrator/events.ts';
import type { RunSummary } from '../../orchestrator/summary.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { withStore } from '../with-store.ts';
import { findRun, type Runs } from './find-run.ts';

export interface RunDetails {
  run: RunRecord;
  executions: (ExecutionRecord & { outputs: { key: string; artifact: StoredArtifact }[] })[];
}

/** Newest first. */
export async function listRuns(
  store: Pick<OpenStore, 'listRuns'>,
  filter: Parameters<OpenStore['listRuns']>[0],
): Promise<RunRecord[]> {
  return await store.listRuns(filter);
}

/** A run with its steps; `id` may be the beginning of an id, or `latest`. @throws RUN_NOT_FOUND */
export async function showRun(
  store: Runs & Pick<OpenStore, 'listExecutions' | 'executionArtifacts'>,
  id: string,
): Promise<RunDetails> {
  const run = await findRun(store, id);
  const executions = (await store.listExecutions(run.id)).sort((a, b) => Number(a.startedAt) - Number(b.startedAt));
  const withOutputs = executions.map(async (execution) => ({
    ...execution,
    outputs: (await store.executionArtifacts(execution.id)).outputs,
  }));
  return { run, executions: await Promise.all(withOutputs) };
}

/** Asks a run to stop; its process does so within a second or two. @throws RUN_NOT_FOUND, RUN_NOT_RUNNING */
export async function cancelRun(
  store: Runs & Pick<OpenStore, 'audited'>,
  id: string,
  actor: Actor,
): Promise<RunRecord> {
  const run = await findRun(store, id);
  await store.audited(
    async (within) => {
      if (!(await within.requestCancel(run.id)))
        throw new MitateError('RUN_NOT_RUNNING', { id: run.id, state: run.state });
    },
    { actor, action: 'run.cancel', subject: run.id },
  );
  return run;
}

/** Runs the same file with the same parameters again; finished steps come from the cache. */
export async function retryRun(
  config: Config,
  id: string,
  listeners: { signal: AbortSignal; onEvent: Listener },
): Promise<RunSummary> {
  const run = await withStore(config, { attach: true }, (store) => findRun(store, id));
  if (run.source === null) throw new MitateError('RUN_WITHOUT_SOURCE', { id: run.id, pipeline: run.pipeline });
  const given = Object.entries(run.parameters).filter(([, value]) => value !== null && value !== undefined);
  const { runFile } = await import('./run.ts');
  return await runFile({
    config,
    file: run.source,
    parameters: Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
    seed: run.seed,
    experiment: run.experiment ?? undefined,
    note: run.note ?? undefined,
    trigger: 'retry',
    ...listeners,
  });
}
