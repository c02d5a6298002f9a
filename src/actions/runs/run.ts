import { resolve } from 'node:path';
import type { Config } from '../../config/index.ts';
import { loadPipeline } from '../../orchestrator/define/load-pipeline.ts';
import type { Listener } from '../../orchestrator/events.ts';
import { runPipeline } from '../../orchestrator/launcher/run-pipeline.ts';
import type { RunSummary } from '../../orchestrator/summary.ts';
import { withStore } from '../with-store.ts';

export interface RunRequest {
  config: Config;
  file: string;
  parameters: Record<string, string>;
  seed?: number;
  signal: AbortSignal;
  onEvent: Listener;
  trigger?: string;
}

export async function runFile({ config, file, ...request }: RunRequest): Promise<RunSummary> {
  const source = resolve(file);
  const definition = await loadPipeline(source);
  return await withStore(config, { attach: 'server' }, (store) =>
    runPipeline(definition, {
      store,
      workspace: config.workspace,
      processes: config.processes,
      source,
      ...request,
    }),
  );
}
