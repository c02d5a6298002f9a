import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOf } from '../../../codecs/digest.ts';
import type { Actor } from '../../../contracts/actor.ts';
import type { NewAuditEntry } from '../../../contracts/audit.ts';
import type { FlywheelExport, FlywheelSpan } from '../../../contracts/loop/flywheel.ts';
import { reasonOf } from '../../../errors/index.ts';
import { syncPath, syncTree } from '../../../files/sync.ts';
import type { OpenStore } from '../../../store/open-store.ts';
import { pathOfCopy, type StagedPhoto } from './photos.ts';

/** One more than the highest span ever used: numbers are never reused. 0 is left to the initial photos. */
export async function nextSpan({ flywheel }: Pick<OpenStore, 'flywheel'>, folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const existing = names.flatMap((name) => /^span-(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  return Math.max(0, (await flywheel.lastSpan(folder)) ?? 0, ...existing) + 1;
}

/**
 * Moves the photos into their span: written to disk, recorded in the database, then renamed into place. Photos erased meanwhile are removed.
 * @throws FLYWHEEL_BUSY
 */
export async function publishSpan(
  store: Pick<OpenStore, 'auditedParts' | 'erasedPhotos'>,
  staging: string,
  photos: readonly StagedPhoto[],
  made: Omit<FlywheelSpan, 'seq' | 'digest' | 'photos'>,
  actor: Actor,
): Promise<Omit<FlywheelExport, 'sources'>> {
  const { folder, span } = made;
  const whole = join(staging, 'whole');
  const rows = photos.map(toRow);
  for (const photo of photos) {
    const path = join(whole, toRow(photo).file);
    await mkdir(dirname(path), { recursive: true });
    await rename(photo.path, path);
  }
  await syncTree(whole);
  const digest = digestOf(rows.map(({ label, sha256 }) => [label, sha256]).sort());
  const spanRow = { ...made, digest, photos: rows.length };
  const audited = store.auditedParts();
  await audited(({ flywheel }) => flywheel.addSpan(spanRow, rows), exportEntry(spanRow, actor));
  const path = join(folder, `span-${span}`);
  try {
    await rename(whole, path);
  } catch (error) {
    const failed = { ...exportEntry(spanRow, actor), details: { to: folder, span, failed: reasonOf(error) } };
    await audited(({ flywheel }) => flywheel.removeSpan(folder, span), failed);
    throw error;
  }
  await syncPath(folder, true);
  const erased = await store.erasedPhotos(rows.map(({ imageSha256 }) => imageSha256));
  for (const row of rows)
    if (erased.has(row.imageSha256)) await rm(pathOfCopy({ folder, span, file: row.file }), { force: true });
  return { span, path, photos: rows.length, digest, labels: made.labels, leftOut: made.leftOut };
}

function toRow({ label, name, request, imageSha256, sha256 }: StagedPhoto) {
  return { file: `${label}/${name}`, label, request, imageSha256, sha256 };
}

/** `span` null: too few photos. */
export function exportEntry(
  {
    endpoint,
    folder,
    span,
    photos,
    digest,
  }: Pick<FlywheelSpan, 'endpoint' | 'folder'> & Omit<FlywheelExport, 'path' | 'labels' | 'leftOut' | 'sources'>,
  actor: Actor,
): NewAuditEntry {
  return { actor, action: 'flywheel.export', subject: endpoint, details: { to: folder, span, photos, digest } };
}
