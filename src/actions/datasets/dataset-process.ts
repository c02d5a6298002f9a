/** Entry of a process that exports a span or adds photos to a golden set. */

import type { Actor } from '../../contracts/actor.ts';
import type { FlywheelPolicy } from '../../contracts/loop/flywheel.ts';
import { serveParent } from '../../processes/serve-parent.ts';
import { openStore } from '../../store/open-store.ts';
import { exportFlywheel } from './flywheel/export.ts';
import { addGolden, type GoldenInput } from './golden-add.ts';

export type FlywheelTask =
  | { kind: 'export'; policy: FlywheelPolicy; actor: Actor }
  | { kind: 'golden'; input: Omit<GoldenInput, 'signal'> };

export interface FlywheelRequest {
  workspace: string;
  databaseUrl: string | null;
  pipelines: string;
  project: string;
  task: FlywheelTask;
}

serveParent(async ({ task, ...place }: FlywheelRequest) => {
  const { workspace, project, databaseUrl } = place;
  const attach = { workspace, project, attach: true, ...(databaseUrl !== null && { databaseUrl }) };
  await using store = await openStore(attach);
  if (task.kind === 'golden') return await addGolden(store, task.input);
  return await exportFlywheel(place, store, task.policy, { now: new Date(), actor: task.actor });
});
