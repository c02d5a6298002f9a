import { digestOf, sha256 } from '../codecs/digest.ts';
import { isMitateError } from '../errors/index.ts';
import { forEachConcurrent } from '../network/concurrent.ts';
import { digestOfBucket } from './bucket.ts';
import type { StatCache } from './cache/stat-cache.ts';
import { openSource, type SourceItem, type SourceOptions, withDefaults } from './open-source.ts';
import { sourceKind } from './source-kind.ts';
import { byCodeUnit } from './source-path.ts';

const inFlight = 8;

/** Digest of a photo's bytes, or the code of the error that reading it gives, which changes when the file is repaired. */
async function contentOf(item: SourceItem, stats: StatCache): Promise<string> {
  const stamp = item.path === undefined ? null : stats.stamp(item.path);
  const known = item.path === undefined ? undefined : stats.get(item.path, stamp);
  if (known !== undefined) return known;
  try {
    const digest = sha256(await item.read());
    if (item.path !== undefined) stats.set(item.path, stamp, digest);
    return digest;
  } catch (error) {
    if (isMitateError(error) && !error.code.startsWith('SOURCE_TOO') && error.code !== 'CANCELLED') return error.code;
    throw error;
  }
}

async function digestOfItems(items: AsyncIterable<SourceItem>, stats: StatCache, signal: AbortSignal): Promise<string> {
  const lines: string[] = [];
  await forEachConcurrent(items, inFlight, signal, async (item) => {
    const { filename, label = null, group = null, attributes, split } = item;
    const described = [filename, await contentOf(item, stats), label, group, Object.entries(attributes)];
    lines.push(JSON.stringify(split === undefined ? described : [...described, split]));
  });
  return sha256(lines.sort(byCodeUnit).join('\n'));
}

/** An archive is expanded only when its stat changed. */
async function digestOfArchive(file: string, options: SourceOptions, stats: StatCache, signal: AbortSignal) {
  const stamp = stats.stamp(file);
  const known = stats.get(file, stamp, 'photos of ');
  if (known !== undefined) return known;
  const digest = await digestOfItems(openSource(file, options), stats, signal);
  stats.set(file, stamp, digest, 'photos of ');
  return digest;
}

/**
 * Digest of the photos, labels and attributes of a source. Unchanged files are not read again; of a bucket it is names, sizes and ETags.
 * @throws what `openSource` throws
 */
export async function digestOfSource(path: string, options: SourceOptions, stats: StatCache, signal: AbortSignal) {
  const found = await sourceKind(path);
  if (found.kind === 'bucket') return digestOfBucket(path, withDefaults(options));
  if (found.kind === 'zip') return digestOfArchive(path, options, stats, signal);
  if (found.kind !== 'tfrecord') return digestOfItems(openSource(path, options), stats, signal);
  const digests: string[] = [];
  for (const file of found.files) digests.push(await digestOfArchive(file, options, stats, signal));
  return digestOf(digests);
}
