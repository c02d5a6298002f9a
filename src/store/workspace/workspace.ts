import { randomUUID } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { MitateError } from '../../errors/index.ts';
import { fileError } from './file-error.ts';

/** Incremented when the folder layout changes; the database counts its own migrations. */
const workspaceFormat = 1;

/** Absolute paths inside a workspace. */
export interface Workspace {
  dir: string;
  /** PGlite's files; absent when PostgreSQL is used. */
  db: string;
  artifacts: string;
  /** May be deleted at any time between runs. */
  cache: string;
  /** One folder per run: logs, and the unpublished outputs of running steps. */
  runs: string;
  backups: string;
  /** Stored photos of requests. */
  images: string;
  /** Data that each project may name over HTTP: `<project>/`. */
  data: string;
  /** Photos of golden sets: `<project>/<set>/<label>/<sha256>.<ext>`. */
  golden: string;
  /** Records that may not be in the database yet. */
  journal: string;
  /** Months of the request log that were exported from the database: `<project>/<month>.parquet`. */
  log: string;
  /** Code of deployed releases: `<code digest>/`. The database has it too. */
  releases: string;
}

export function workspaceAt(dir: string): Workspace {
  const root = resolve(dir);
  const inside = (name: string) => join(root, name);
  return {
    dir: root,
    db: inside('db'),
    artifacts: inside('artifacts'),
    cache: inside('cache'),
    runs: inside('runs'),
    backups: inside('backups'),
    images: inside('images'),
    data: inside('data'),
    golden: inside('golden'),
    journal: inside('journal'),
    log: inside('log'),
    releases: inside('releases'),
  };
}

/**
 * Creates the folder, for its user alone, if it is missing, and checks that it is writable and of a known format.
 * @throws WORKSPACE_READ_ONLY, WORKSPACE_NEWER, WORKSPACE_DAMAGED, DISK_FULL
 */
export function openWorkspace(dir: string): Workspace {
  const workspace = workspaceAt(dir);
  try {
    mkdirSync(workspace.dir, { recursive: true, mode: 0o700 });
    for (const path of [workspace.artifacts, workspace.cache, workspace.runs, workspace.backups])
      mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(workspace.dir, constants.W_OK);
  } catch (error) {
    throw readOnly(workspace.dir, error);
  }
  const found = readFormat(workspace.dir);
  if (found === null) writeFormat(workspace.dir);
  else if (found > workspaceFormat)
    throw new MitateError('WORKSPACE_NEWER', { path: workspace.dir, found, known: workspaceFormat });
  return workspace;
}

/** Null = no workspace yet. */
function readFormat(dir: string): number | null {
  const path = join(dir, 'workspace.json');
  if (!existsSync(path)) return null;
  try {
    const { formatVersion } = JSON.parse(readFileSync(path, 'utf8')) as { formatVersion: unknown };
    if (typeof formatVersion === 'number') return formatVersion;
  } catch {
    // falls through to the error below
  }
  throw new MitateError('WORKSPACE_DAMAGED', { path: dir, reason: 'workspace.json is not {"formatVersion": n}' });
}

function writeFormat(dir: string): void {
  const path = join(dir, 'workspace.json');
  try {
    // unique: when two processes opened a new workspace at once, one renamed the other's file away
    const own = `${path}.${randomUUID()}`;
    writeFileSync(own, `${JSON.stringify({ formatVersion: workspaceFormat })}\n`);
    renameSync(own, path);
  } catch (error) {
    throw readOnly(dir, error);
  }
}

function readOnly(path: string, error: unknown): MitateError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return fileError(error, path);
  // mkdir reports ENOENT on a read-only file system
  const reason =
    code === 'ENOTDIR' || code === 'EEXIST'
      ? `${dirname(path)} contains a file of that name`
      : code === 'ENOENT'
        ? 'the folder cannot be created; the file system may be read-only'
        : message;
  return new MitateError('WORKSPACE_READ_ONLY', { path, reason }, { cause: error });
}
