/** Entry of a process that runs one monitor. */

import type { Actor } from '../../contracts/actor.ts';
import { silentLogger } from '../../contracts/logger.ts';
import { serveParent } from '../../processes/serve-parent.ts';
import { openStore } from '../../store/open-store.ts';
import { runMonitor } from './run.ts';

export interface MonitorRequest {
  workspace: string;
  databaseUrl: string | null;
  project: string;
  name: string;
  actor: Actor;
}

serveParent(async ({ workspace, databaseUrl, project, name, actor }: MonitorRequest) => {
  const attach = { workspace, project, attach: true, ...(databaseUrl !== null && { databaseUrl }) };
  await using store = await openStore(attach);
  return await runMonitor(store, name, { actor, now: new Date(), logger: silentLogger });
});
