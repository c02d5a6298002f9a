import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import type pg from 'pg';
import { isMitateError, MitateError } from '../../errors/index.ts';
import { syncTree } from '../../files/sync.ts';
import { localArtifacts } from '../artifacts/fs.ts';
import { readTree } from '../artifacts/tree-digest.ts';
import { applyMigrations, knownMigrations, newestMigration } from '../database/migrate.ts';
import { type OpenStore, type OpenStoreOptions, openStore } from '../open-store.ts';
import { fileError } from '../workspace/file-error.ts';
import { workspaceAt } from '../workspace/workspace.ts';
import { readArchive } from './archive-reader.ts';
import { artifactOutside, projectUnnamed } from './artifact-places.ts';
import { isOwn } from './authenticity.ts';
import { type Dropped, dropAccess } from './elsewhere.ts';
import { placeGolden, removeUnnoted } from './golden-files.ts';
import { isKeptPhoto } from './kept-photo-tally.ts';
import { placeKeptPhotos } from './kept-photos.ts';
import type { Manifest } from './manifest.ts';
import { keepRevoked, readRevocations } from './revocations.ts';
import { importTable, keptTableNames, tableNames } from './tables.ts';
import { keepErased, readTombstones } from './tombstones.ts';

export interface RestoreOptions extends Pick<OpenStoreOptions, 'workspace' | 'databaseUrl' | 'command' | 'secretKeys'> {
  /** Replace the contents of the workspace. */
  force?: boolean;
  /** Accept an archive of another workspace, without its keys, users and secrets. */
  fromElsewhere?: boolean;
  /** Asked when the archive is encrypted. */
  passphrase?: (() => Promise<string>) | undefined;
  /** Called with bytes read of the archive, which is read twice, and their total. */
  onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined;
}

export interface RestoreSummary {
  createdAt: string;
  contents: Manifest['contents'];
  files: number;
  /** Photos of requests that were put back; null = the backup has none. */
  photos: number | null;
  /** In all projects; `closed`: sealed with a key that is not here. */
  secrets: { all: number; closed: number };
  /** Artifacts that were already missing or changed when the backup was made. */
  damaged: string[];
  /** Null for an archive of this workspace. */
  dropped: Dropped | null;
}

/**
 * Restores a backup into a workspace. The file is verified completely before anything is written; rows change in one transaction. Artifacts and
 * golden photos are put in place when the rows have been accepted, before they are committed: a killed restore leaves the workspace unchanged,
 * except for unreferenced files. Kept photos follow the rows, without those that were erased.
 * @throws BACKUP_INVALID, BACKUP_PASSPHRASE_WRONG, BACKUP_FOREIGN, WORKSPACE_NEWER, WORKSPACE_NOT_EMPTY, WORKSPACE_LOCKED, DISK_FULL
 */
export async function restore(file: string, options: RestoreOptions): Promise<RestoreSummary> {
  const fileBytes = (await stat(file).catch(() => null))?.size ?? 0;
  // the rest, such as the rows, is done when all is
  const read = (bytes: number) => options.onProgress?.(Math.min(bytes, 2 * fileBytes - 1), 2 * fileBytes);
  let asked: Promise<string> | undefined;
  const passphrase = options.passphrase && (() => (asked ??= options.passphrase!()));
  const reading = { ...(passphrase && { passphrase }) };
  const manifest = await readArchive(file, drain, { onBytes: read, ...reading });
  if (manifest.migration > newestMigration())
    throw new MitateError('WORKSPACE_NEWER', {
      path: file,
      found: `database ${manifest.migrations}`,
      known: `database ${knownMigrations().length}`,
    });
  const unknown = manifest.tables.find((table) => !keptTableNames.includes(table));
  if (unknown !== undefined)
    throw new MitateError('BACKUP_INVALID', { path: file, reason: `"${unknown}" is not a table of backups` });
  const isForeign = !(await isOwn(workspaceAt(options.workspace).dir, manifest));
  if (isForeign && !options.fromElsewhere) throw new MitateError('BACKUP_FOREIGN', { path: file });
  await using store = await openTarget(options);
  if (!options.force && (await isUsed(store)))
    throw new MitateError('WORKSPACE_NOT_EMPTY', { path: store.workspace.dir });
  const staging = join(store.workspace.dir, '.restoring');
  let dropped: Dropped | null;
  let photos = 0;
  try {
    await rm(staging, { recursive: true, force: true });
    const unpacked = await unpack(file, staging, { onBytes: (bytes) => read(fileBytes + bytes), ...reading });
    // what was checked is what is restored: the manifest has the digest of everything
    if (!isDeepStrictEqual(unpacked, manifest))
      throw new MitateError('BACKUP_INVALID', { path: file, reason: 'it was replaced while it was read' });
    let placed: string[] = [];
    dropped = await importDatabase(store.connection.pool, {
      ...{ file, manifest, isForeign, folder: join(staging, 'database') },
      beforeCommit: async () => {
        await placeArtifacts(join(staging, 'artifacts'), store);
        placed = await placeGolden(join(staging, 'golden'), store.workspace.golden);
      },
    });
    await removeUnnoted(store.connection.pool, store.workspace.golden, placed);
    photos = await placeKeptPhotos(store.connection.pool, join(staging, 'images'), store.workspace.images);
    await partitionRequests(store);
    options.onProgress?.(2 * fileBytes, 2 * fileBytes);
  } catch (error) {
    throw fileError(error, store.workspace.dir);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  const { createdAt, contents, files, damaged } = manifest;
  const secrets = await store.secrets.count();
  return {
    ...{ createdAt, contents, files: files.length, damaged, dropped, secrets },
    photos: manifest.photos === undefined ? null : photos,
  };
}

async function drain(_path: string, content: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of content);
}

const replaceable = ['DATABASE_STOPPED', 'WORKSPACE_DAMAGED', 'WORKSPACE_NEWER'] as const;

/** `force` also covers a database that does not start, or that a newer version migrated: it is moved aside. */
async function openTarget({
  force,
  fromElsewhere: _,
  onProgress: __,
  passphrase: ___,
  ...options
}: RestoreOptions): Promise<OpenStore> {
  try {
    return await openStore(options);
  } catch (error) {
    const code = replaceable.find((each) => isMitateError(error, each));
    if (code === undefined || !force) throw error;
    const { dir, db } = workspaceAt(options.workspace);
    const stamp = new Date().toISOString().replace(/[:.]/g, '-');
    const ending = code === 'WORKSPACE_NEWER' ? 'newer' : 'damaged';
    if (existsSync(db)) await rename(db, `${db}.${ending}-${stamp}`);
    await rm(join(dir, 'workspace.json'), { force: true });
    return openStore(options);
  }
}

/** In any project. */
async function isUsed({ connection }: OpenStore): Promise<boolean> {
  const { rows } = await connection.pool.query(
    'select exists (select from runs) or exists (select from endpoints) or exists (select from fact_requests) as used',
  );
  return rows[0].used;
}

/** Restored requests are in the default partition: move each month to its own, so that old ones can be dropped. */
async function partitionRequests({ connection, requests }: OpenStore): Promise<void> {
  const { rows } = await connection.pool.query<{ month: Date }>(
    `select distinct date_trunc('month', logging_time, 'UTC') as month from fact_requests order by month`,
  );
  for (const { month } of rows) await requests.makePartitions(month);
}

async function unpack(file: string, staging: string, options: Parameters<typeof readArchive>[2]): Promise<Manifest> {
  await mkdir(staging, { recursive: true });
  const place = async (path: string, content: AsyncIterable<Buffer>) => {
    const to = join(staging, path);
    await mkdir(dirname(to), { recursive: true });
    // photos are too many to sync side by side
    await pipeline(content, createWriteStream(to, { flush: isKeptPhoto(path), mode: 0o600 }));
  };
  const manifest = await readArchive(file, place, options);
  for (const name of await readdir(staging)) if (name !== 'images') await syncTree(join(staging, name));
  return manifest;
}

/** Execution folders are four levels deep: `<pipeline>/<step>/<key>/<execution>`. */
async function placeArtifacts(from: string, { workspace }: OpenStore): Promise<void> {
  if (!existsSync(from)) return;
  const artifacts = localArtifacts(workspace.artifacts);
  for (const path of await localArtifacts(from).list()) {
    const uri = join(workspace.artifacts, path.slice(from.length + 1));
    if (existsSync(uri) && (await readTree(uri)).digest === (await readTree(path)).digest) {
      await rm(path, { recursive: true });
      continue;
    }
    await artifacts.delete(uri);
    await mkdir(dirname(uri), { recursive: true });
    await rename(path, uri);
  }
  const left = await readdir(from, { recursive: true, withFileTypes: true });
  const stray = left.find((entry) => entry.isFile());
  if (stray)
    throw new MitateError('BACKUP_INVALID', { path: from, reason: `"${stray.name}" is not part of any artifact` });
}

interface DatabaseImport {
  /** The archive, for errors. */
  file: string;
  manifest: Manifest;
  isForeign: boolean;
  /** Its rows, a file for each table. */
  folder: string;
  /** Once the rows are accepted. */
  beforeCommit: () => Promise<void>;
}

/**
 * Replaces all rows by those of a backup (erasures of this workspace stay), in one transaction: the schema of that time, its rows, then
 * later migrations.
 * @throws BACKUP_INVALID
 */
async function importDatabase(pool: pg.Pool, from: DatabaseImport): Promise<Dropped | null> {
  const { manifest, folder } = from;
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query('begin');
    const [erased, revoked] = [await readTombstones(client), await readRevocations(client)];
    for (const table of tableNames.toReversed()) await client.query(`drop table if exists "${table}" cascade`);
    await client.query('drop table if exists drizzle.__drizzle_migrations');
    await applyMigrations(client, { upTo: manifest.migration });
    for (const table of manifest.tables) {
      const file = join(folder, `${table}.jsonl`);
      if (existsSync(file)) await importTable(client, table, file);
    }
    await applyMigrations(client, { after: manifest.migration });
    await keepErased(client, erased);
    await keepRevoked(client, revoked);
    const refuse = (reason: string) => new MitateError('BACKUP_INVALID', { path: from.file, reason });
    const outside = await artifactOutside(client);
    if (outside !== undefined) throw refuse(`the artifact ${outside} is not in the workspace`);
    const unnamed = await projectUnnamed(client);
    if (unnamed !== undefined) throw refuse(`"${unnamed}" is not a name of a project`);
    const dropped = from.isForeign ? await dropAccess(client) : null;
    await from.beforeCommit();
    await client.query('commit');
    broken = false;
    return dropped;
  } finally {
    client.release(broken);
  }
}
