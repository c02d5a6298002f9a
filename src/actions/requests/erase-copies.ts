import { rm } from 'node:fs/promises';
import { goldenPath } from '../../orchestrator/golden-files.ts';
import type { OpenStore } from '../../store/open-store.ts';
import { pathOfCopy } from '../datasets/flywheel/photos.ts';

export interface ErasedCopies {
  /** Files that are gone. */
  copies: string[];
  /** Under which sha256 the photos are known elsewhere: as they were sent, and as they are kept without metadata. */
  images: string[];
}

/** Deletes what the flywheel and golden sets hold of photos: files first, so that an erasure that broke off finds the rest when it is asked again. */
export async function eraseCopies(store: OpenStore, images: readonly string[]): Promise<ErasedCopies> {
  const spanned = await store.flywheel.copiesOf(images);
  const golden = (await store.golden.listPhotos()).filter(
    ({ sha256, imageSha256 }) => images.includes(sha256) || (imageSha256 !== null && images.includes(imageSha256)),
  );
  const copies = [...spanned.map(pathOfCopy), ...golden.map((photo) => goldenPath(store, photo))];
  for (const path of copies) await rm(path, { force: true });
  await store.golden.removePhotos({ imageSha256: images });
  await store.flywheel.removeCopies(images);
  const names = [...spanned, ...golden].flatMap(({ imageSha256, sha256 }) => [imageSha256, sha256]);
  return { copies, images: [...new Set(names)].filter((name) => name !== null) };
}
