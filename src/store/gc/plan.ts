import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { StoredArtifact } from '../../contracts/artifact.ts';
import { isInside } from '../../files/is-inside.ts';
import { localArtifacts } from '../artifacts/fs.ts';
import type { OpenStore } from '../open-store.ts';
import { keptArtifacts, keptRuns } from './kept.ts';

interface GarbageOptions {
  /** Number of newest runs per pipeline whose artifacts and logs are kept. @default 10 */
  keepRuns?: number;
}

export interface GarbagePlan {
  /** Their files are deleted; the rows stay for lineage. */
  artifacts: StoredArtifact[];
  /** Absolute paths without a row: left by killed runs, or logs of runs that are not kept. */
  folders: {
    path: string;
    why: 'orphan artifact' | 'abandoned step' | 'log of an old run' | 'unfinished work';
    sizeBytes: number;
  }[];
  /** Sum of both. */
  sizeBytes: number;
  /** Kept artifacts, against which caches (embeddings) are collected. */
  kept: StoredArtifact[];
}

const everything = Number.MAX_SAFE_INTEGER;

/** What `collectGarbage` would delete. Deletes nothing. */
export async function planGarbage(store: OpenStore, { keepRuns = 10 }: GarbageOptions = {}): Promise<GarbagePlan> {
  const { database } = store.context;
  // before the rows are read: anything published or staged meanwhile belongs to an active execution
  const [published, staged] = await foldersOf(store);
  const { runs, running } = await keptRuns(database, keepRuns);
  const keep = await keptArtifacts(database, keepRuns);
  const live = await liveArtifacts(store);
  // whatever the database says, nothing outside is deleted
  const artifacts = live.filter(({ id, uri }) => !keep.has(id) && isInside(store.workspace.artifacts, uri));
  const folders = [
    ...(await orphans(published, new Set(live.map(({ uri }) => uri)), running)),
    ...(await abandoned(staged, running)),
    ...(await oldLogs(store, runs)),
    ...(await unfinished(store, running)),
  ];
  const sizeBytes = [...artifacts, ...folders].reduce((sum, item) => sum + item.sizeBytes, 0);
  return { artifacts, folders, sizeBytes, kept: live.filter(({ id }) => keep.has(id)) };
}

type Folder = GarbagePlan['folders'][number];

async function describe(path: string, why: Folder['why']): Promise<Folder> {
  return { path, why, sizeBytes: await folderBytes(path) };
}

async function foldersOf({ workspace }: OpenStore) {
  const files = localArtifacts(workspace.artifacts);
  return [await files.list(), await files.listStaged()] as const;
}

/** Of all projects: they share the folder. */
async function liveArtifacts(store: OpenStore): Promise<StoredArtifact[]> {
  const projects = await store.access.listProjects();
  const all = projects.map(({ name }) => store.forProject(name).listArtifacts({ live: true, limit: everything }));
  return (await Promise.all(all)).flat();
}

/** Published by a process that died before the database was updated. */
async function orphans(published: string[], known: Set<string>, running: Set<string>): Promise<Folder[]> {
  const stray = published.filter((uri) => !known.has(uri) && !running.has(decodeURIComponent(basename(uri))));
  return Promise.all(stray.map((path) => describe(path, 'orphan artifact')));
}

async function abandoned(staged: { executionId: string; path: string }[], running: Set<string>): Promise<Folder[]> {
  const dead = staged.filter(({ executionId }) => !running.has(executionId));
  return Promise.all(dead.map(({ path }) => describe(path, 'abandoned step')));
}

async function oldLogs({ workspace }: OpenStore, runs: Set<string>): Promise<Folder[]> {
  const names = await readdir(workspace.runs);
  const old = names.filter((name) => !runs.has(name));
  return Promise.all(old.map((name) => describe(join(workspace.runs, name), 'log of an old run')));
}

/** Left by killed deletions, backups and restores. */
async function unfinished({ workspace }: OpenStore, running: Set<string>): Promise<Folder[]> {
  if (running.size > 0) return [];
  const staging = (await readdir(workspace.backups)).filter((name) => name.startsWith('.staging-'));
  const paths = [
    join(workspace.artifacts, '.trash'),
    join(workspace.dir, '.restoring'),
    ...staging.map((name) => join(workspace.backups, name)),
  ].filter((path) => existsSync(path));
  return (await Promise.all(paths.map((path) => describe(path, 'unfinished work')))).filter(
    ({ path, sizeBytes }) => sizeBytes > 0 || !path.endsWith('.trash'),
  );
}

async function folderBytes(path: string): Promise<number> {
  const self = await stat(path);
  if (!self.isDirectory()) return self.size;
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
