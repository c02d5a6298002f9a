import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MitateError } from '../../errors/index.ts';

interface TreeFile {
  /** Relative, forward slashes. */
  path: string;
  sha256: string;
  sizeBytes: number;
}

interface Tree {
  /** sha256 over one line `path NUL sha256 LF` per file, sorted by path (UTF-16 code units); lower-case hex. */
  digest: string;
  sizeBytes: number;
  files: TreeFile[];
}

/** Relative paths of all files below a folder, sorted. Rejects links and devices. */
export async function listFiles(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const paths: string[] = [];
  for (const entry of entries) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    const kind = entry.isSymbolicLink() ? 'symbolic link' : 'special file';
    if (!entry.isFile()) throw new MitateError('ARTIFACT_ENTRY_INVALID', { path, kind });
    paths.push(path.slice(dir.length + 1).replaceAll('\\', '/'));
  }
  return paths.sort((a, b) => (a < b ? -1 : 1));
}

/** A stream allocates a 1 MB buffer even for an empty blessing, which cost 5 ms per step. */
const smallBytes = 1 << 18;

export async function fileSha256(path: string, sizeBytes?: number): Promise<string> {
  const hash = createHash('sha256');
  const size = sizeBytes ?? (await stat(path)).size;
  if (size <= smallBytes) return hash.update(await readFile(path)).digest('hex');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** See {@link Tree.digest}; `files` sorted by path. */
export function digestOfFiles(files: Pick<TreeFile, 'path' | 'sha256'>[]): string {
  const hash = createHash('sha256');
  for (const { path, sha256 } of files) hash.update(`${path}\0${sha256}\n`);
  return hash.digest('hex');
}

/** Reads every file once, 1 MB at a time. */
export async function readTree(dir: string): Promise<Tree> {
  const files: TreeFile[] = [];
  for (const path of await listFiles(dir)) {
    const full = join(dir, path);
    const { size: sizeBytes } = await stat(full);
    files.push({ path, sha256: await fileSha256(full, sizeBytes), sizeBytes });
  }
  return { digest: digestOfFiles(files), sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0), files };
}
