import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { headerBytes, startsAsTfrecord } from '../artifacts/examples/tfrecord/frame.ts';
import { peekExpanded } from '../artifacts/examples/tfrecord/reader.ts';
import { isBucket } from '../contracts/bucket.ts';
import { MitateError } from '../errors/index.ts';
import { unreadable } from './read-file.ts';
import { byCodeUnit, isClutter } from './source-path.ts';

export type SourceKind =
  | { kind: 'folder' }
  | { kind: 'bucket' }
  | { kind: 'zip' }
  | { kind: 'csv' }
  | { kind: 'jsonl' }
  | { kind: 'tfrecord'; files: string[] };

const imageName = /\.(jpe?g|jfif|png|webp|heic|heif|avif|gif|tiff?|bmp)$/i;
const tfrecordName = /tfrec/i;

async function isTfrecord(path: string): Promise<boolean> {
  if (imageName.test(path)) return false;
  return tfrecordName.test(basename(path)) || startsAsTfrecord(await peekExpanded(path, headerBytes));
}

/** Shards in the folder itself or in TFX's `Split-*` folders below it. */
async function shardsIn(folder: string): Promise<string[]> {
  const shards: string[] = [];
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => byCodeUnit(a.name, b.name))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name.startsWith('Split-')) shards.push(...(await shardsIn(path)));
    else if (entry.isFile() && !isClutter(entry.name) && (await isTfrecord(path))) shards.push(path);
  }
  return shards;
}

async function fileKind(source: string): Promise<SourceKind> {
  const start = Buffer.from(await peekExpanded(source, 512));
  if (['504b0304', '504b0506'].includes(start.toString('hex', 0, 4))) return { kind: 'zip' };
  if (await isTfrecord(source)) return { kind: 'tfrecord', files: [source] };
  const extension = extname(source).toLowerCase();
  if (extension === '.csv' || extension === '.tsv') return { kind: 'csv' };
  if (extension === '.jsonl' || extension === '.ndjson') return { kind: 'jsonl' };
  const firstBytes = start.subarray(0, 8).toString('hex');
  throw new MitateError('SOURCE_KIND_UNKNOWN', { source, firstBytes: firstBytes || '(none)' });
}

/**
 * The kind of a source: by content for folders, ZIP and TFRecord, by name for manifests and buckets.
 * @throws SOURCE_NOT_FOUND, SOURCE_UNREADABLE, SOURCE_KIND_UNKNOWN
 */
export async function sourceKind(source: string): Promise<SourceKind> {
  if (isBucket(source)) return { kind: 'bucket' };
  try {
    const stats = await stat(source);
    if (!stats.isDirectory()) return await fileKind(source);
    const files = await shardsIn(source);
    return files.length > 0 ? { kind: 'tfrecord', files } : { kind: 'folder' };
  } catch (error) {
    if (error instanceof MitateError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new MitateError('SOURCE_NOT_FOUND', { source }, { cause: error });
    }
    throw unreadable(source, source, error);
  }
}
