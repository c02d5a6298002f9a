import { rm } from 'node:fs/promises';
import { goldenPath } from '../../orchestrator/golden-files.ts';
import { pathOfCopy } from '../datasets/flywheel/photos.ts';
import type { Erasure } from './erasure.ts';

export interface ErasedCopies {
  /** Files that are gone. */
  copies: string[];
  /** Under which sha256 the photos are known elsewhere: as they were sent, and as they are kept without metadata. */
  images: string[];
}

/** Files first, so that an erasure that broke off finds the rest when it is run again. */
export async function eraseCopies({ store, audited, erased }: Erasure): Promise<ErasedCopies> {
  const { images } = erased;
  const spanned = await store.flywheel.copiesOf(images);
  const golden = (await store.golden.listPhotos()).filter(
    ({ sha256, imageSha256 }) => images.includes(sha256) || (imageSha256 !== null && images.includes(imageSha256)),
  );
  const copies = [...spanned.map(pathOfCopy), ...golden.map((photo) => goldenPath(store, photo))];
  for (const path of copies) await rm(path, { force: true });
  await audited(async (within) => {
    await within.golden.removePhotos({ imageSha256: images });
    await within.flywheel.removeCopies(images);
  });
  const names = [...spanned, ...golden].flatMap(({ imageSha256, sha256 }) => [imageSha256, sha256]);
  return { copies, images: [...new Set(names)].filter((name) => name !== null) };
}
