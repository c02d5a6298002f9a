import { resolve } from 'node:path';
import type { Config } from '../../config/index.ts';
import { loadPipeline } from '../../orchestrator/define/load-pipeline.ts';
import type { Listener } from '../../orchestrator/events.ts';
import { runPipeline } from '../../orchestrator/launcher/run-pipeline.ts';
import type { RunSummary } from '../../orchestrator/summary.ts';
import { workspaceAt } from '../../store/workspace/workspace.ts';
import { withStore } from '../with-store.ts';
import { codeOfRun, isReleased } from './code-of-run.ts';
import { checkDescription } from './describe-run.ts';

export interface RunRequest {
  config: Config;
  file: string;
  parameters: Record<string, string>;
  seed?: number;
  experiment?: string | undefined;
  note?: string | undefined;
  signal: AbortSignal;
  onEvent: Listener;
  trigger?: string;
}

/** @throws ACCESS_NAME_INVALID, RUN_NOTE_TOO_LONG, and what the pipeline is refused for */
export async function runFile({ config, file, ...request }: RunRequest): Promise<RunSummary> {
  checkDescription(request);
  const source = resolve(file);
  const { workspace, processes } = config;
  const isForeign = isReleased({ workspace: workspaceAt(workspace) }, source);
  // it loads while the database is still starting
  const own = isForeign ? null : await loadPipeline(source);
  return await withStore(config, { attach: 'server' }, async (store) => {
    await using released = own ? null : await codeOfRun(config, store, source, request.signal);
    return await runPipeline((own ?? released)!, { store, workspace, processes, source, ...request });
  });
}
