import type { ExamplesSummary, Rejected } from '../../contracts/artifacts/example.ts';
import { MitateError } from '../../errors/index.ts';
import { countByKey } from '../../math/stats/group-by-key.ts';
import type { StatCache } from '../../sources/cache/stat-cache.ts';
import { openSource } from '../../sources/open-source.ts';
import { openInspectionCache, type Photo, scan } from '../../sources/scan/scan.ts';
import type { Spool } from '../../sources/scan/spool.ts';
import { SourceNotes } from '../../sources/source-notes.ts';
import type { ExampleGenParameters } from './spec.ts';

export interface ReadTools {
  parameters: ExampleGenParameters;
  cacheDir: string;
  stats: StatCache;
  spool: Spool;
  signal: AbortSignal;
  onScanned: () => void;
}

export interface ReadSource extends Pick<ExamplesSummary, 'passedOver' | 'splitFolders' | 'emptyLabels'> {
  photos: Photo[];
  rejected: Rejected[];
}

/** Rejections that an error message lists. */
const listed = 3;

/**
 * The photos of one source, decoded, and what was rejected.
 * @throws SOURCE_TOO_MANY_REJECTED, and what `openSource` throws
 */
export async function readSource(source: string, tools: ReadTools): Promise<ReadSource> {
  const { parameters, cacheDir, signal } = tools;
  const inspections = await openInspectionCache(cacheDir);
  const { allowUrls, limits } = parameters;
  const notes = new SourceNotes();
  const items = openSource(source, { allowUrls, limits, cacheDir, signal, notes });
  try {
    const found = await scan(items, { ...tools, inspections });
    requireFewRejected(source, found.photos.length, found.rejected, parameters.maxRejectedShare);
    const labels = new Set([...found.photos, ...found.rejected].map(({ label }) => label));
    const emptyLabels = [...notes.labelFolders].filter((label) => !labels.has(label));
    return { ...found, passedOver: notes.passedOver, splitFolders: notes.splitFolders, emptyLabels };
  } finally {
    await inspections.save();
  }
}

function requireFewRejected(source: string, photos: number, rejected: Rejected[], maxShare: number): void {
  const total = photos + rejected.length;
  if (rejected.length <= maxShare * total) return;
  const list = rejected.slice(0, listed).map(({ filename, message }) => `${filename}: ${message}`);
  const more = rejected.length > listed ? ` (and ${rejected.length - listed} more)` : '';
  throw new MitateError('SOURCE_TOO_MANY_REJECTED', {
    source,
    rejected: rejected.length,
    total,
    limit: `${Math.round(maxShare * 1000) / 10} %`,
    list: `${list.join(' ')}${more}`,
    codes: countByKey(rejected, ({ code }) => code),
  });
}
