import { join } from 'node:path';
import { sha256 } from '../../codecs/digest.ts';
import type { Rejected, Split } from '../../contracts/artifacts/example.ts';
import { type ErrorCode, isMitateError, MitateError } from '../../errors/index.ts';
import { forEachConcurrent } from '../../network/concurrent.ts';
import { type Inspection, inspectImage } from '../../vision/inspect.ts';
import { LineCache } from '../cache/line-cache.ts';
import type { StatCache } from '../cache/stat-cache.ts';
import type { SourceItem } from '../source-item.ts';
import { byCodeUnit } from '../source-path.ts';
import type { Spool } from './spool.ts';

/** A photo that was read and decoded. */
export interface Photo extends Inspection {
  sha256: string;
  sizeBytes: number;
  filename: string;
  label: string;
  attributes: Record<string, string>;
  /** The group and split given by the source. */
  givenGroup?: string;
  split?: Split;
  /** File from which its bytes can be read again. */
  path: string;
  /** Of its place; absent = that place has none. */
  span?: number;
  version?: number;
}

type Inspected = Inspection & { sizeBytes: number };
export type InspectionCache = LineCache<Inspected>;

/** Raise the version when `inspectImage` measures something else. */
export function openInspectionCache(cacheDir: string): Promise<InspectionCache> {
  return LineCache.open<Inspected>(join(cacheDir, 'inspections'), 'inspections/2');
}

export interface ScanTools {
  stats: StatCache;
  inspections: InspectionCache;
  spool: Spool;
  signal: AbortSignal;
  onScanned?: () => void;
}

/** Defects of the source as a whole, or of the machine: they stop the run instead of rejecting one photo. */
const fatal = new Set<ErrorCode>([
  'CANCELLED',
  'DISK_FULL',
  'SOURCE_TOO_LARGE',
  'SOURCE_TOO_MANY_ENTRIES',
  'SOURCE_TFRECORD_CORRUPT',
  'BUCKET_DENIED',
  'BUCKET_REGION',
  'BUCKET_UNKNOWN',
  'BUCKET_UNREACHABLE',
  'BUCKET_ANSWER_INVALID',
]);

/** libuv decodes on four threads; eight in flight keep them busy while the event loop reads and hashes. */
const inFlight = 8;
/** A killed run loses at most this many inspections. */
const saveEvery = 2_000;

/** Reads and decodes the photos of a source; those that fail are rejected with a reason. Both lists are sorted by file name. */
export async function scan(
  items: AsyncIterable<SourceItem>,
  tools: ScanTools,
): Promise<{ photos: Photo[]; rejected: Rejected[] }> {
  const photos: Photo[] = [];
  const rejected: Rejected[] = [];
  await forEachConcurrent(items, inFlight, tools.signal, async (item) => {
    try {
      photos.push(await scanItem(item, tools));
    } catch (error) {
      rejected.push(asRejected(item, error));
    }
    tools.onScanned?.();
    if (tools.inspections.changed >= saveEvery) await tools.inspections.save();
  });
  photos.sort((a, b) => byCodeUnit(a.filename, b.filename) || byCodeUnit(a.sha256, b.sha256));
  rejected.sort((a, b) => byCodeUnit(a.filename, b.filename));
  return { photos, rejected };
}

function asRejected(item: SourceItem, error: unknown): Rejected {
  if (!isMitateError(error) || fatal.has(error.code)) throw error;
  const { filename, label } = item;
  return {
    filename,
    ...(label !== undefined && { label }),
    code: error.code,
    message: `${error.message} ${error.remedy}`,
  };
}

async function scanItem(item: SourceItem, tools: ScanTools): Promise<Photo> {
  const { filename, label, attributes, group, split, line } = item;
  const where = line === undefined ? '' : ` (manifest line ${line})`;
  if (!label?.trim()) throw new MitateError('SOURCE_LABEL_MISSING', { filename, where });
  const stamp = item.path === undefined ? null : tools.stats.stamp(item.path);
  const known = knownPhoto(item, stamp, tools);
  const { digest, inspected, path } = known ?? (await readPhoto(item, stamp, tools));
  return {
    ...inspected,
    sha256: digest,
    filename,
    label,
    attributes,
    ...(group !== undefined && { givenGroup: group }),
    ...(split !== undefined && { split }),
    path,
  };
}

/** Without reading the file, when its stat and its digest are known. */
function knownPhoto({ path }: SourceItem, stamp: string | null, { stats, inspections }: ScanTools) {
  if (path === undefined) return null;
  const digest = stats.get(path, stamp);
  const inspected = digest === undefined ? undefined : inspections.get(digest);
  return digest !== undefined && inspected ? { digest, inspected, path } : null;
}

async function readPhoto(item: SourceItem, stamp: string | null, { stats, inspections, spool }: ScanTools) {
  const bytes = await item.read();
  const digest = sha256(bytes);
  if (item.path !== undefined) stats.set(item.path, stamp, digest);
  let inspected = inspections.get(digest);
  if (!inspected) {
    inspected = { ...(await inspectImage(bytes)), sizeBytes: bytes.length };
    inspections.set(digest, inspected);
  }
  return { digest, inspected, path: item.path ?? (await spool.keep(digest, bytes)) };
}
