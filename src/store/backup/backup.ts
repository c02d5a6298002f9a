import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type pg from 'pg';
import { digestOfFiles, listFiles } from '../artifacts/tree-digest.ts';
import type { OpenStore } from '../open-store.ts';
import { fileError } from '../workspace/file-error.ts';
import { type ArchiveEntry, writeArchive } from './archive-writer.ts';
import { sealed } from './authenticity.ts';
import { exportDatabase } from './export-database.ts';
import { goldenFiles } from './golden-files.ts';
import { keptPhotos } from './kept-photos.ts';
import type { Manifest } from './manifest.ts';

export interface BackupSummary {
  file: string;
  sizeBytes: number;
  artifacts: number;
  /** Photos of golden sets. */
  golden: number;
  /** Stored photos of requests; null = left out. */
  photos: number | null;
  files: number;
  /** Live artifacts whose files were missing or changed since publication, and golden photos whose files were missing. */
  damaged: string[];
}

export interface BackupOptions {
  /** Called with bytes read and their total. */
  onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined;
  /** Also the stored photos of requests. */
  withPhotos?: boolean | undefined;
  /** Encrypts the file. */
  passphrase?: string | undefined;
}

/**
 * Writes a consistent snapshot of the database rows, the live artifacts, the golden photos and, if asked for, the kept photos into one
 * tar.gz. Without caches and logs. Stored secrets are in it as in the database, sealed; their key is not.
 * @throws BACKUP_PASSPHRASE_UNUSABLE, DISK_FULL, WORKSPACE_READ_ONLY, FILE_UNREADABLE
 */
export async function backup(
  store: OpenStore,
  file: string,
  { onProgress = () => {}, withPhotos = false, passphrase }: BackupOptions = {},
): Promise<BackupSummary> {
  await mkdir(dirname(file), { recursive: true }).catch((error) => {
    throw fileError(error, file);
  });
  const staging = await mkdtemp(join(store.workspace.backups, '.staging-')).catch((error) => {
    throw fileError(error, store.workspace.backups);
  });
  const client = await store.connection.pool.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const { entries, about } = await exportDatabase(client, staging);
    const artifacts = await liveArtifacts(client);
    const golden = await goldenFiles(client, store.workspace.golden);
    await client.query('commit');
    const createdAt = new Date().toISOString();
    const others = [...entries, ...golden.entries];
    const photos = withPhotos ? store.workspace.images : null;
    const totalBytes = await sizeOf(others, artifacts, photos);
    onProgress(0, totalBytes);
    let doneBytes = 0;
    const {
      files,
      damaged,
      photos: kept,
    } = await writeArchive(
      file,
      allEntries(others, artifacts, store.workspace.dir, photos),
      (files, kept) =>
        sealed(store.workspace.dir, {
          format: 'mitate-backup/1',
          createdAt,
          contents: 'workspace',
          ...about,
          files,
          ...(withPhotos && { photos: kept }),
          damaged: [...findDamaged(artifacts, files), ...golden.missing],
        }),
      {
        passphrase,
        // files that changed since publication may make it more than expected
        onBytes: (bytes) => {
          doneBytes += bytes;
          onProgress(Math.min(doneBytes, totalBytes - 1), totalBytes);
        },
      },
    );
    onProgress(totalBytes, totalBytes);
    const { size: sizeBytes } = await stat(file);
    const counts = { artifacts: artifacts.length, golden: golden.entries.length, files: files.length };
    return { file, sizeBytes, ...counts, photos: kept?.count ?? null, damaged };
  } catch (error) {
    throw fileError(error, file);
  } finally {
    client.release(true);
    await rm(staging, { recursive: true, force: true });
  }
}

interface LiveArtifact {
  /** Relative to the workspace. */
  uri: string;
  digest: string;
  sizeBytes: number;
}

/** Only those inside the workspace. */
async function liveArtifacts(client: pg.PoolClient): Promise<LiveArtifact[]> {
  const { rows } = await client.query<LiveArtifact>(
    'select distinct uri, digest, size_bytes::float8 as "sizeBytes" from artifacts where deleted_at is null order by uri',
  );
  return rows.filter(({ uri }) => !isAbsolute(uri) && !uri.includes('://'));
}

async function sizeOf(
  files: readonly ArchiveEntry[],
  artifacts: readonly LiveArtifact[],
  photos: string | null,
): Promise<number> {
  let bytes = artifacts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  for (const { from } of files) bytes += (await stat(from)).size;
  if (photos !== null)
    for await (const { from } of keptPhotos(photos)) bytes += (await stat(from).catch(() => null))?.size ?? 0;
  return bytes;
}

async function* allEntries(
  files: ArchiveEntry[],
  artifacts: LiveArtifact[],
  dir: string,
  photos: string | null,
): AsyncGenerator<ArchiveEntry> {
  yield* files;
  for (const { uri } of artifacts) {
    const folder = join(dir, uri);
    if (!existsSync(folder)) continue;
    for (const path of await listFiles(folder)) yield { path: `${uri}/${path}`, from: join(folder, path) };
  }
  if (photos !== null) yield* keptPhotos(photos);
}

/** From the digests computed while writing. */
function findDamaged(artifacts: LiveArtifact[], files: Manifest['files']): string[] {
  const byArtifact = new Map<string, Manifest['files']>();
  const uris = new Set(artifacts.map(({ uri }) => uri));
  for (const file of files) {
    let uri = file.path;
    while (uri !== '.' && !uris.has(uri)) uri = dirname(uri);
    byArtifact.set(uri, [...(byArtifact.get(uri) ?? []), { ...file, path: file.path.slice(uri.length + 1) }]);
  }
  return artifacts
    .filter(({ uri, digest }) => digestOfFiles(byArtifact.get(uri) ?? []) !== digest)
    .map(({ uri }) => uri);
}
