/** Entry of a process that reads a watched folder for a server. */

import { serveParent } from '../../processes/serve-parent.ts';
import { openStore } from '../../store/open-store.ts';
import { dryRunTrigger } from './dry-run.ts';
import { listFolder } from './list-folder.ts';
import { lookAtFolder } from './watched-folder.ts';

export type TriggerTask =
  | { kind: 'look'; trigger: string; folder: string }
  | {
      kind: 'dry-run';
      trigger: string;
      workspace: string;
      databaseUrl: string | null;
      project: string;
      span: { now: Date; lastMs: number };
    };

serveParent(async (task: TriggerTask) => {
  if (task.kind === 'look') return await lookAtFolder(task.trigger, task.folder, listFolder);
  const { workspace, project, databaseUrl } = task;
  const attach = { workspace, project, attach: true, ...(databaseUrl !== null && { databaseUrl }) };
  await using store = await openStore(attach);
  return await dryRunTrigger(store, task.trigger, task.span);
});
