/** Entry of a process that reads data sets for a server: exports a span, adds photos to a golden set, compares data sets, runs or labellers. */

import type { Actor } from '../../contracts/actor.ts';
import { silentLogger } from '../../contracts/logger.ts';
import type { FlywheelPolicy } from '../../contracts/loop/flywheel.ts';
import { serveParent } from '../../processes/serve-parent.ts';
import type { PeriodFilter } from '../../store/feedback/contract.ts';
import { openStore } from '../../store/open-store.ts';
import { labelAgreement } from '../review/labellers.ts';
import { type DiffRequest, diffData } from './diff.ts';
import { exportFlywheel } from './flywheel/export.ts';
import { addGolden, type GoldenInput } from './golden-add.ts';

export type DatasetTask =
  | { kind: 'export'; policy: FlywheelPolicy; actor: Actor }
  | { kind: 'golden'; input: Omit<GoldenInput, 'signal'> }
  | { kind: 'diff'; request: DiffRequest }
  | { kind: 'agreement'; filter: PeriodFilter }
  | { kind: 'compare'; references: readonly string[]; processes: number };

export interface DatasetRequest {
  workspace: string;
  databaseUrl: string | null;
  pipelines: string;
  project: string;
  task: DatasetTask;
}

serveParent(async ({ task, ...place }: DatasetRequest) => {
  const { workspace, project, databaseUrl } = place;
  const attach = { workspace, project, attach: true, ...(databaseUrl !== null && { databaseUrl }) };
  await using store = await openStore(attach);
  if (task.kind === 'agreement') return await labelAgreement(store, task.filter);
  if (task.kind === 'diff') return await diffData(store, task.request);
  if (task.kind === 'compare') {
    const { compareRuns } = await import('../runs/compare-runs.ts');
    const { signal } = new AbortController();
    const { processes, references } = task;
    return await compareRuns({ workspace, processes, logger: silentLogger, signal }, store, references);
  }
  if (task.kind === 'golden') return await addGolden(store, task.input);
  return await exportFlywheel(place, store, task.policy, { now: new Date(), actor: task.actor });
});
