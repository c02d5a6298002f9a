/** Entry of a process that reads data sets for a server: exports a span, adds photos to a golden set, compares data sets, runs, models or labellers, tries a model. */

import type { Actor } from '../../contracts/actor.ts';
import { silentLogger } from '../../contracts/logger.ts';
import type { FlywheelPolicy } from '../../contracts/loop/flywheel.ts';
import { serveParent } from '../../processes/serve-parent.ts';
import type { PeriodFilter } from '../../store/feedback/contract.ts';
import { openStore } from '../../store/open-store.ts';
import type { ComparedPage } from '../models/compare-models.ts';
import type { Trial } from '../models/try-model.ts';
import { labelAgreement } from '../review/labellers.ts';
import { type DiffRequest, diffData } from './diff.ts';
import { exportFlywheel } from './flywheel/export.ts';
import { addGolden, type GoldenInput } from './golden-add.ts';

export type DatasetTask =
  | { kind: 'export'; policy: FlywheelPolicy; actor: Actor }
  | { kind: 'golden'; input: Omit<GoldenInput, 'signal'> }
  | { kind: 'diff'; request: DiffRequest }
  | { kind: 'agreement'; filter: PeriodFilter }
  | { kind: 'compare'; references: readonly string[]; processes: number }
  | { kind: 'photos'; page: ComparedPage; processes: number }
  | { kind: 'answers'; reference: string; processes: number }
  | { kind: 'try'; trial: Trial };

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
  const { signal } = new AbortController();
  const comparing = (processes: number) => ({ workspace, processes, logger: silentLogger, signal });
  if (task.kind === 'compare') {
    const { compareRuns } = await import('../runs/compare-runs.ts');
    return await compareRuns(comparing(task.processes), store, task.references);
  }
  if (task.kind === 'photos' || task.kind === 'answers') {
    const { answersAgain, compareModelPhotos } = await import('../models/compare-models.ts');
    if (task.kind === 'photos') return await compareModelPhotos(comparing(task.processes), store, task.page);
    return Buffer.from(await answersAgain(comparing(task.processes), store, task.reference)).toString('base64');
  }
  if (task.kind === 'try') {
    const { tryModel } = await import('../models/try-model.ts');
    return await tryModel(store, task.trial);
  }
  if (task.kind === 'golden') return await addGolden(store, task.input);
  return await exportFlywheel(place, store, task.policy, { now: new Date(), actor: task.actor });
});
