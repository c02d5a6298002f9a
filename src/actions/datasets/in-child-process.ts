import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { answersFile } from '../../artifacts/evaluation/answers-file.ts';
import type { Config } from '../../config/index.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { DataDiff } from '../../contracts/api/data-diff.ts';
import type { modelComparisonSchema } from '../../contracts/api/models.ts';
import type { RunComparison } from '../../contracts/api/run-comparison.ts';
import type { FlywheelExport, FlywheelPolicy } from '../../contracts/loop/flywheel.ts';
import type { Agreement } from '../../contracts/loop/labellers.ts';
import { MitateError } from '../../errors/index.ts';
import { askOnce } from '../../processes/ask-once.ts';
import { childEntry } from '../../processes/child-entry.ts';
import { Semaphore } from '../../processes/semaphore.ts';
import type { PeriodFilter } from '../../store/feedback/contract.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { ComparedPage } from '../models/compare-models.ts';
import { evaluationOfModel } from '../models/evaluation.ts';
import type { Trial } from '../models/try-model.ts';
import type { DatasetRequest, DatasetTask } from './dataset-process.ts';
import type { DiffRequest } from './diff.ts';
import { confinePlaces } from './flywheel/folder.ts';
import type { GoldenAddition, GoldenInput } from './golden-add.ts';

const entry = childEntry('./dataset-process.ts', import.meta.url);
interface Turn {
  semaphore: Semaphore;
  timeoutMs: number;
}

/** An export decodes about 30 photos per second and core. */
const exporting: Turn = { semaphore: new Semaphore(2, 20), timeoutMs: 1_800_000 };
/** Whoever may read may ask: they never wait in the way of an export. */
const oneModelAtATime = new Semaphore(1, 10);
const trials: Turn = { semaphore: oneModelAtATime, timeoutMs: 60_000 };
/** Answers that are gone are made again, of every photo of a test split. */
const answers: Turn = { semaphore: oneModelAtATime, timeoutMs: 600_000 };

/** `exportFlywheel` for a server: in a child process, which decodes the photos, and only inside the data roots. @throws PLACE_OUTSIDE */
export async function exportFlywheelInChildProcess(
  config: Config,
  store: Pick<OpenStore, 'project'>,
  policy: FlywheelPolicy,
  actor: Actor,
): Promise<FlywheelExport> {
  const confined = await confinePlaces({ config, project: store.project }, policy);
  return await ask(config, store, { kind: 'export', policy: confined, actor });
}

/** `addGolden` of labelled requests, in a child process. */
export function addGoldenInChildProcess(
  config: Config,
  store: Pick<OpenStore, 'project'>,
  input: Omit<GoldenInput, 'signal' | 'from'>,
): Promise<GoldenAddition> {
  return ask(config, store, { kind: 'golden', input });
}

/** `diffData` for a server. */
export const diffDataInChildProcess = (
  config: Config,
  store: Pick<OpenStore, 'project'>,
  request: DiffRequest,
): Promise<DataDiff> => ask(config, store, { kind: 'diff', request });

/** `labelAgreement` for a server: it resamples. */
export const labelAgreementInChildProcess = (
  config: Config,
  store: Pick<OpenStore, 'project'>,
  filter: PeriodFilter,
): Promise<Agreement[]> => ask(config, store, { kind: 'agreement', filter });

/** `compareRuns` for a server: resampling takes seconds, and predictions that are gone are made again. */
export const compareRunsInChildProcess = (
  config: Config,
  store: Pick<OpenStore, 'project'>,
  references: readonly string[],
): Promise<RunComparison> => ask(config, store, { kind: 'compare', references, processes: config.processes });

/** `compareModelPhotos` for a server. */
export const compareModelsInChildProcess = (
  config: Config,
  store: Pick<OpenStore, 'project'>,
  page: ComparedPage,
): Promise<z.input<typeof modelComparisonSchema>> =>
  ask(config, store, { kind: 'photos', page, processes: config.processes }, answers);

/** Bytes of `answers.bin`: of the file, or made again in a child process. @throws MODEL_NOT_FOUND, MODEL_NOT_EVALUATED */
export async function evaluationAnswers(config: Config, store: OpenStore, reference: string): Promise<Uint8Array> {
  const { evaluation } = await evaluationOfModel(store, reference);
  const written = await readFile(answersFile(evaluation.uri)).catch(() => null);
  if (written) return written;
  const task = { kind: 'answers', reference, processes: config.processes } as const;
  return Buffer.from(await ask<string>(config, store, task, answers), 'base64');
}

/** `tryModel` for a server. */
export const tryModelInChildProcess = <Result>(
  config: Config,
  store: Pick<OpenStore, 'project'>,
  trial: Trial,
): Promise<Result> => ask(config, store, { kind: 'try', trial }, trials);

function ask<Result>(
  config: Config,
  { project }: Pick<OpenStore, 'project'>,
  task: DatasetTask,
  { semaphore, timeoutMs } = exporting,
): Promise<Result> {
  const { workspace, databaseUrl, pipelines } = config;
  const request: DatasetRequest = { workspace, databaseUrl, pipelines, project, task };
  const died = ({ reason }: { reason: string }) => new MitateError('FLYWHEEL_PROCESS_DIED', { reason });
  return semaphore.run(() => askOnce(entry, request, { timeoutMs, died }));
}
