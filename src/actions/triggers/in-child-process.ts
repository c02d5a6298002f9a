import type { Config } from '../../config/index.ts';
import type { FolderMemory } from '../../contracts/loop/trigger.ts';
import { MitateError } from '../../errors/index.ts';
import { askOnce } from '../../processes/ask-once.ts';
import { childEntry } from '../../processes/child-entry.ts';
import { Semaphore } from '../../processes/semaphore.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { DryRun } from './dry-run.ts';
import type { TriggerTask } from './trigger-process.ts';

const entry = childEntry('./trigger-process.ts', import.meta.url);
/** A million files on a slow disk. */
const timeoutMs = 120_000;
const fewAtATime = new Semaphore(2, 20);

/** `lookAtFolder` for a server: 500,000 files would keep its other requests waiting for half a second. */
export function lookInChildProcess(trigger: string, folder: string): Promise<FolderMemory> {
  return ask({ kind: 'look', trigger, folder });
}

/** `dryRunTrigger` for a server. */
export function dryRunInChildProcess(
  { workspace, databaseUrl }: Pick<Config, 'workspace' | 'databaseUrl'>,
  { project }: Pick<OpenStore, 'project'>,
  trigger: string,
  span: { now: Date; lastMs: number },
): Promise<DryRun> {
  return ask({ kind: 'dry-run', trigger, workspace, databaseUrl, project, span });
}

function ask<Answer>(task: TriggerTask): Promise<Answer> {
  const died = ({ reason }: { reason: string }) =>
    new MitateError('TRIGGER_PROCESS_DIED', { trigger: task.trigger, reason });
  return fewAtATime.run(() => askOnce(entry, task, { timeoutMs, died }));
}
