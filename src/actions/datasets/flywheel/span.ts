import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOf } from '../../../codecs/digest.ts';
import type { Actor } from '../../../contracts/actor.ts';
import type { NewAuditEntry } from '../../../contracts/audit.ts';
import type { FlywheelExport, FlywheelSpan } from '../../../contracts/loop/flywheel.ts';
import { reasonOf } from '../../../errors/index.ts';
import { attributeColumns } from '../../../feedback/labels/attributes.ts';
import { syncPath, syncTree } from '../../../files/sync.ts';
import { removePhotoAttributes, writePhotoAttributes } from '../../../sources/photo-attributes.ts';
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
  const described = photos.filter(({ attributes }) => attributes !== null);
  await writePhotoAttributes(
    whole,
    described.map((photo) => [toRow(photo).file, attributeColumns(photo.attributes)] as const),
  );
  await syncTree(whole);
  const contents = photos.map(({ label, sha256, attributes }) => [
    ...[label, sha256],
    ...Object.values(attributeColumns(attributes)),
  ]);
  const digest = digestOf(contents.sort());
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
  const gone = rows.filter(({ imageSha256 }) => erased.has(imageSha256)).map(({ file }) => file);
  for (const file of gone) await rm(pathOfCopy({ folder, span, file }), { force: true });
  await removePhotoAttributes(path, gone);
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
