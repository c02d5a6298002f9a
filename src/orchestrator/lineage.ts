import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { StoredArtifact } from '../contracts/artifact.ts';
import type { ModelVersion } from '../contracts/model.ts';
import type { RunRecord } from '../contracts/run.ts';
import { MitateError } from '../errors/index.ts';
import { fileSha256 } from '../store/artifacts/tree-digest.ts';
import type { Store } from '../store/store.ts';
import { findPhoto, type PhotoPlace } from './lineage/photo.ts';
import { type LineageArtifact, type LineageEdge, type LineageExecution, LineageWalk } from './lineage/walk.ts';

export type LineageSubject =
  | { kind: 'artifact'; artifactId: string }
  | { kind: 'model'; model: ModelVersion }
  | { kind: 'photo'; sha256: string; places: PhotoPlace[] };

/** Ancestors and descendants of a subject: artifacts and executions, joined by what was read and written. */
export interface Lineage {
  subject: LineageSubject;
  artifacts: LineageArtifact[];
  executions: LineageExecution[];
  edges: LineageEdge[];
  /** The runs that those executions were part of, oldest first. */
  runs: Pick<
    RunRecord,
    'id' | 'pipeline' | 'state' | 'startedAt' | 'who' | 'trigger' | 'gitCommit' | 'parameters' | 'seed'
  >[];
  /** Registered versions among the artifacts. `trainedOn`: for a photo, whether it was in the train split; else null. */
  models: (ModelVersion & { trainedOn: boolean | null })[];
}

/**
 * Lineage of an artifact (its id or folder), a model version (`leaf-health@3`), or a photo (its file or sha256).
 * @param cwd null: nothing is looked for on the disk, for callers elsewhere
 * @throws LINEAGE_NOT_FOUND
 */
export async function lineageOf(store: Store, reference: string, cwd: string | null = process.cwd()): Promise<Lineage> {
  const found = await resolveReference(store, reference, cwd);
  const walk = new LineageWalk(store);
  for (const artifact of found.artifacts) await walk.from(artifact);
  const { artifacts, executions, edges } = walk.graph();
  const runs = await runsOf(store, executions);
  const models = await modelsAmong(store, artifacts, found.subject, edges);
  return { subject: found.subject, artifacts, executions, edges, runs, models };
}

interface Found {
  subject: LineageSubject;
  artifacts: StoredArtifact[];
}

async function resolveReference(store: Store, reference: string, cwd: string | null): Promise<Found> {
  const found =
    (await photoBySha(store, reference)) ??
    (await artifactBy(store, reference, cwd)) ??
    (await modelBy(store, reference)) ??
    (cwd === null ? null : await photoByFile(store, resolve(cwd, reference)));
  if (!found) throw new MitateError('LINEAGE_NOT_FOUND', { reference });
  return found;
}

async function photoBySha(store: Store, sha256: string): Promise<Found | null> {
  if (!/^[0-9a-f]{64}$/i.test(sha256)) return null;
  const { places, artifacts } = await findPhoto(store, sha256.toLowerCase());
  return places.length === 0 ? null : { subject: { kind: 'photo', sha256: sha256.toLowerCase(), places }, artifacts };
}

async function photoByFile(store: Store, path: string): Promise<Found | null> {
  if (!existsSync(path)) return null;
  return photoBySha(store, await fileSha256(path).catch(() => ''));
}

async function artifactBy(store: Store, reference: string, cwd: string | null): Promise<Found | null> {
  const isFolder = cwd !== null && (isAbsolute(reference) || existsSync(resolve(cwd, reference)));
  const folder = isFolder ? resolve(cwd, reference) : null;
  const known = folder === null ? await store.getArtifact(reference) : await byFolder(store, folder);
  return known && { subject: { kind: 'artifact', artifactId: known.id }, artifacts: [known] };
}

async function byFolder(store: Store, folder: string): Promise<StoredArtifact | null> {
  return (await store.listArtifacts()).find(({ uri }) => uri === folder) ?? null;
}

async function modelBy(store: Store, reference: string): Promise<Found | null> {
  const model = await store.findVersion(reference);
  const artifact = model && (await store.getArtifact(model.artifactId));
  return model && artifact && { subject: { kind: 'model', model }, artifacts: [artifact] };
}

async function runsOf(store: Store, executions: LineageExecution[]): Promise<Lineage['runs']> {
  const ids = [...new Set(executions.flatMap(({ runIds }) => runIds))];
  const runs = (await Promise.all(ids.map((id) => store.getRun(id)))).filter((run) => run !== null);
  return runs
    .sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime())
    .map(({ id, pipeline, state, startedAt, who, trigger, gitCommit, parameters, seed }) => {
      return { id, pipeline, state, startedAt, who, trigger, gitCommit, parameters, seed };
    });
}

async function modelsAmong(
  store: Store,
  artifacts: LineageArtifact[],
  subject: LineageSubject,
  edges: LineageEdge[],
): Promise<Lineage['models']> {
  const ids = new Set(artifacts.map(({ id }) => id));
  const trained = subject.kind === 'photo' ? trainedModels(subject.places, edges) : null;
  const versions = await Promise.all((await store.listModels()).map(({ name }) => store.listVersions(name)));
  return versions
    .flat()
    .filter(({ artifactId }) => ids.has(artifactId))
    .map((version) => ({ ...version, trainedOn: trained?.has(version.artifactId) ?? null }));
}

/** Descendants of Examples artifacts that have the photo in their train split. */
function trainedModels(places: PhotoPlace[], edges: LineageEdge[]): Set<string> {
  const reached = new Set(places.filter(({ split }) => split === 'train').map(({ artifactId }) => artifactId));
  // iterating a Set includes what is added meanwhile
  for (const id of reached) for (const edge of edges) if (edge.from === id && !edge.isHistory) reached.add(edge.to);
  return reached;
}
