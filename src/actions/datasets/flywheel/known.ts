import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LeftOutReason } from '../../../contracts/loop/flywheel.ts';
import { type Counts, count } from '../../../feedback/flywheel/candidates.ts';
import { photoCache } from '../../../sources/cache/photo-cache.ts';
import { type KnownPhoto, likeAny } from '../../../sources/near-duplicates/like-any.ts';
import { lookAlikes } from '../../../sources/near-duplicates/look-alikes.ts';
import { scanSource } from '../../../sources/scan/scan-source.ts';
import { resolveSpans } from '../../../sources/span.ts';
import type { OpenStore } from '../../../store/open-store.ts';
import type { StagedPhoto } from './photos.ts';

interface Known {
  folder: string;
  base: readonly string[];
  staging: string;
  leftOut: Counts;
  signal: AbortSignal;
}

/** Drops photos that look like a golden one, like one of the spans or of the base, or like a newer one of the batch. */
export async function leaveOutKnown(
  store: Pick<OpenStore, 'workspace' | 'goldenPhotos'>,
  staged: StagedPhoto[],
  { folder, base, staging, leftOut, signal }: Known,
): Promise<StagedPhoto[]> {
  const { cache } = store.workspace;
  const cacheDir = photoCache(cache);
  let photos = staged;
  const leaveOut = async (reason: LeftOutReason, known: readonly KnownPhoto[], stays = (_: StagedPhoto) => false) => {
    const alike = await likeAny(photos, known, cacheDir, signal);
    const kept = photos.filter((photo, i) => !alike.has(i) || stays(photo));
    count(leftOut, reason, photos.length - kept.length);
    photos = kept;
  };
  const scan = { cacheDir: cache, spoolDir: staging, signal };
  if (photos.length > 0) await leaveOut('golden', await store.goldenPhotos());
  for (const path of photos.length > 0 ? await spansIn(folder) : [])
    await leaveOut('in-the-spans', (await scanSource(path, scan)).photos, ({ corrects }) => corrects);
  for (const { path } of photos.length > 0 ? base.flatMap((source) => resolveSpans(source, 'all')) : [])
    await leaveOut('in-the-base', (await scanSource(path, scan)).photos, ({ corrects }) => corrects);
  const first = await lookAlikes(photos, cacheDir, signal);
  const kept = photos.filter((_, i) => first[i] === i);
  count(leftOut, 'alike', photos.length - kept.length);
  return kept;
}

/** Spans that still have photos: erasure may have removed a span's last one. */
async function spansIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (/^span-\d+$/.test(name) && existsSync(path) && (await holdsPhotos(path))) found.push(path);
  }
  return found.sort();
}

async function holdsPhotos(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.some((entry) => entry.isFile() || entry.isSymbolicLink());
}
