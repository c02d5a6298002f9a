import type { Rejected } from '../../contracts/artifacts/example.ts';
import { photoCache } from '../cache/photo-cache.ts';
import { StatCache } from '../cache/stat-cache.ts';
import { openSource } from '../open-source.ts';
import { openInspectionCache, type Photo, scan } from './scan.ts';
import { Spool } from './spool.ts';

export interface ScanOptions {
  /** ExampleGen's cache, so that what it has read is not read again. */
  cacheDir: string;
  /** For photos without a file of their own; the caller deletes it. */
  spoolDir: string;
  signal: AbortSignal;
}

/** The photos of a labelled source, outside a pipeline. @throws what `openSource` throws */
export async function scanSource(
  source: string,
  { cacheDir, spoolDir, signal }: ScanOptions,
): Promise<{ photos: Photo[]; rejected: Rejected[] }> {
  const own = photoCache(cacheDir);
  const [stats, inspections] = await Promise.all([StatCache.open(own), openInspectionCache(own)]);
  try {
    const items = openSource(source, { cacheDir: own, signal });
    return await scan(items, { stats, inspections, spool: new Spool(spoolDir), signal });
  } finally {
    await Promise.all([stats.save(), inspections.save()]);
  }
}
