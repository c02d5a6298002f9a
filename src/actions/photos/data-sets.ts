import { readAnomalies } from '../../artifacts/anomalies/require-valid-data.ts';
import { readRejected, readSummary } from '../../artifacts/examples/read-examples.ts';
import { readStatistics } from '../../artifacts/statistics/read-statistics.ts';
import type { DataSet, DataSetDetail } from '../../contracts/api/data.ts';
import type { StoredArtifact } from '../../contracts/artifact.ts';
import type { Anomalies } from '../../contracts/artifacts/anomalies.ts';
import { type ExamplesSummary, type Rejected, type Split, splits } from '../../contracts/artifacts/example.ts';
import type { Statistics } from '../../contracts/artifacts/statistics.ts';
import { MitateError } from '../../errors/index.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { findDataSet } from '../datasets/find-data-set.ts';
import { correctionsOf } from '../datasets/suspicious.ts';
import { evaluationPipeline } from '../models/evaluation-pipeline.ts';
import { madeFrom } from './made-from.ts';
import { marksOf } from './marks.ts';
import { openPhotoIndex } from './open-index.ts';

type Store = Pick<OpenStore, 'listArtifacts' | 'executionArtifacts' | 'corrections' | 'project' | 'workspace'>;

/** Examples artifacts that still have their files, newest first; without photos that `mitate evaluate` read. */
export async function listDataSets(
  store: Pick<Store, 'listArtifacts'>,
  { pipeline, newest = false, before, limit }: { pipeline?: string; newest?: boolean; before?: string; limit: number },
): Promise<DataSet[]> {
  const all = (await store.listArtifacts({ type: 'Examples', live: true })).filter(
    (each) => each.pipeline !== evaluationPipeline && (pipeline === undefined || each.pipeline === pipeline),
  );
  const firsts = new Map<string, string>();
  for (const { id, pipeline } of all) if (!firsts.has(pipeline)) firsts.set(pipeline, id);
  const isNewest = ({ id, pipeline }: StoredArtifact) => firsts.get(pipeline) === id;
  const wanted = newest ? all.filter(isNewest) : all;
  const after = before === undefined ? 0 : wanted.findIndex(({ id }) => id === before) + 1;
  const found: DataSet[] = [];
  // one that cannot be read takes no place on the page
  for (let at = after; at < wanted.length && found.length < limit; ) {
    const next = wanted.slice(at, at + limit - found.length);
    at += next.length;
    const read = await Promise.all(next.map(async (each) => await describe(each, isNewest(each)).catch(() => null)));
    found.push(...read.filter((each) => each !== null));
  }
  return found;
}

async function describe(artifact: StoredArtifact, isNewest: boolean): Promise<DataSet> {
  return toDataSet(artifact, await readSummary(artifact.uri), isNewest);
}

function toDataSet(
  { id, digest, pipeline, createdAt }: StoredArtifact,
  { counts, labels, span, version, rejected }: ExamplesSummary,
  isNewest: boolean,
): DataSet {
  const perSplit: Record<Split, number> = { train: 0, eval: 0, test: 0 };
  for (const of of Object.values(counts)) for (const split of splits) perSplit[split] += of[split];
  const photos = splits.reduce((sum, split) => sum + perSplit[split], 0);
  const shown = { photos, labels: labels.length, splits: perSplit, rejected };
  return { id, digest, pipeline, createdAt, span, version, ...shown, isNewest };
}

/** @throws DATA_NOT_FOUND, EXAMPLES_CORRUPT, FILE_UNREADABLE, ARTIFACT_FILE_INVALID */
export async function showDataSet(store: Store, reference: string): Promise<DataSetDetail> {
  const artifact = await findDataSet(store, 'Examples', reference);
  const summary = await readSummary(artifact.uri);
  const [newest] = await store.listArtifacts({ type: 'Examples', live: true, pipeline: artifact.pipeline, limit: 1 });
  const marks = await marksOf(store, artifact, await openPhotoIndex(store, artifact));
  const { evaluation, examined, suspicious, corrections } = marks;
  const undecided = [...suspicious.keys()].filter((at) => !corrections.has(at)).length;
  return {
    ...toDataSet(artifact, summary, newest?.id === artifact.id),
    counts: summary.counts,
    groupBy: summary.groupBy,
    duplicates: summary.duplicates.length,
    conflicts: summary.conflicts.length,
    relabelled: summary.relabelled.length,
    corrections: corrections.size,
    suspicious:
      evaluation === null || examined === null ? null : { evaluation, examined, found: suspicious.size, undecided },
    correctionsFile: correctionsOf(artifact.properties) ?? null,
  };
}

/** @throws DATA_NOT_FOUND, FILE_UNREADABLE, ARTIFACT_FILE_INVALID */
export async function dataStatistics(store: Store, reference: string): Promise<Statistics> {
  return await readStatistics((await statisticsOf(store, reference)).uri);
}

/** @throws DATA_NOT_FOUND, FILE_UNREADABLE, ARTIFACT_FILE_INVALID */
export async function dataAnomalies(store: Store, reference: string): Promise<Anomalies> {
  const statistics = await statisticsOf(store, reference);
  const made = await madeFrom(store, 'ExampleAnomalies', statistics);
  if (!made) throw new MitateError('DATA_NOT_FOUND', { type: 'ExampleAnomalies', reference });
  return await readAnomalies(made.artifact.uri);
}

async function statisticsOf(store: Store, reference: string): Promise<StoredArtifact> {
  const made = await madeFrom(store, 'ExampleStatistics', await findDataSet(store, 'Examples', reference));
  if (!made) throw new MitateError('DATA_NOT_FOUND', { type: 'ExampleStatistics', reference });
  return made.artifact;
}

/** Files that did not become photos, by name. @throws DATA_NOT_FOUND, FILE_UNREADABLE, ARTIFACT_FILE_INVALID */
export async function rejectedFiles(store: Pick<Store, 'listArtifacts'>, reference: string): Promise<Rejected[]> {
  return await readRejected((await findDataSet(store, 'Examples', reference)).uri);
}
