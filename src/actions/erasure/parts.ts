import { createReadStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { photoIndexesFolder } from '../../artifacts/examples/photo-index/files.ts';
import { embeddingCacheFolder } from '../../artifacts/transform-graph/files.ts';
import { photoSizes } from '../../contracts/api/data.ts';
import { isInside } from '../../files/is-inside.ts';
import { collectEmbeddings } from '../../inference/embeddings/collect-embeddings.ts';
import { erasePhoto } from '../../orchestrator/erase/erase-photo.ts';
import { goldenPath } from '../../orchestrator/golden-files.ts';
import { archivedFiles, eraseFromParquet } from '../../serving/log/export/erase-rows.ts';
import { removePhotoAttributes } from '../../sources/photo-attributes.ts';
import { localArtifacts } from '../../store/artifacts/fs.ts';
import { localImages } from '../../store/images/image-store.ts';
import { pathOfCopy, spanFolder } from '../datasets/flywheel/photos.ts';
import { thumbnailFile, thumbnailsFolder } from '../photos/photo-image.ts';
import { eraseUploaded } from '../uploads/uploads.ts';
import type { Erasure } from './erasure.ts';

const shaLength = 64;

interface ErasedCopies {
  /** Deleted files. */
  copies: string[];
  /** The photos' other digests: as sent, and as stored without metadata. */
  images: string[];
}

export interface ErasurePart {
  readonly removes: string;
  erase(erasure: Erasure): Promise<void>;
}

const requestLog: ErasurePart = {
  removes: 'logged requests, their feedback and review items; a tombstone stays, so that none comes back',
  async erase({ audited, change, erased }) {
    await audited(async ({ requests }) => {
      erased.rows += await requests.eraseRequests({ publicIds: erased.requests, images: erased.images }, change);
    });
  },
};

/** Everything that a workspace stores of a photo or a request, in order of removal. Any other copy is a bug. */
export const erasureParts: readonly ErasurePart[] = [
  requestLog,
  {
    removes: 'copies in flywheel spans and golden sets, with their rows',
    async erase(erasure) {
      const { copies, images } = await eraseCopies(erasure);
      erasure.erased.copies.push(...copies);
      erasure.erased.images = [...new Set([...erasure.erased.images, ...images])];
    },
  },
  {
    removes: 'photos of uploads',
    async erase({ store, erased }) {
      erased.copies.push(...(await eraseUploaded(store, erased.images)));
    },
  },
  // again: a copy without metadata has its own sha256
  requestLog,
  {
    removes: 'photos that endpoints keep',
    async erase({ store: { workspace, project }, erased }) {
      const photos = localImages(workspace.images);
      for (const image of erased.images) await photos.delete(project, image);
    },
  },
  {
    removes: 'rows of Parquet files: archived months, and files that were named',
    async erase({ store: { workspace, project }, files, erased }) {
      const gone = { publicIds: new Set(erased.requests), images: new Set(erased.images) };
      for (const path of [...(await archivedFiles(workspace.log, project)), ...files]) {
        const rows = await eraseFromParquet(path, gone);
        if (rows > 0) erased.files.push({ path, rows });
      }
    },
  },
  {
    removes: 'artifacts that hold it (examples, embeddings, models, reports): published anew without it',
    async erase({ store, change, erased }) {
      const artifacts = localArtifacts(store.workspace.artifacts);
      const why = `without an erased photo: ${change.why}`;
      for (const image of erased.images)
        erased.photos.push({ image, ...(await erasePhoto(store, artifacts, image, { ...change, why })) });
    },
  },
  {
    removes: 'corrections of its label',
    async erase({ audited, erased }) {
      await audited(async ({ corrections }) => {
        erased.rows += await corrections.erase(erased.images);
      });
    },
  },
  {
    removes: 'small copies for screens, and the indexes of data sets, which are made again',
    async erase({ store, erased }) {
      for (const image of erased.images)
        for (const size of photoSizes) await rm(thumbnailFile(store, image, size), { force: true });
      await rm(photoIndexesFolder(store.workspace.cache), { recursive: true, force: true });
    },
  },
  {
    removes: 'cached embeddings and answers, and cache files that name it',
    async erase({ store, erased }) {
      erased.embeddings = await eraseFromCaches(store.workspace.cache, new Set(erased.images));
    },
  },
  {
    removes: 'deleted rows from the pages of the database',
    async erase({ store }) {
      await store.requests.vacuum();
    },
  },
];

/** Files first, so that an interrupted erasure can be run again. */
async function eraseCopies({ store, audited, erased }: Erasure): Promise<ErasedCopies> {
  const { images } = erased;
  const spanned = await store.flywheel.copiesOf(images);
  const golden = (await store.golden.listPhotos()).filter(
    ({ sha256, imageSha256 }) => images.includes(sha256) || (imageSha256 !== null && images.includes(imageSha256)),
  );
  // whatever the database says, nothing outside these folders is deleted
  const copies = [
    ...spanned.filter((copy) => isInside(spanFolder(copy), pathOfCopy(copy))).map(pathOfCopy),
    ...golden.map((photo) => goldenPath(store, photo)).filter((path) => isInside(store.workspace.golden, path)),
  ];
  for (const path of copies) await rm(path, { force: true });
  for (const copy of spanned) await removePhotoAttributes(spanFolder(copy), [copy.file]);
  await audited(async (within) => {
    await within.golden.removePhotos({ imageSha256: images });
    await within.flywheel.removeCopies(images);
  });
  const names = [...spanned, ...golden].flatMap(({ imageSha256, sha256 }) => [imageSha256, sha256]);
  return { copies, images: [...new Set(names)].filter((name) => name !== null) };
}

/** Removes photos from cached embeddings and predictions; other cache files that mention one are deleted, since runs rebuild them. */
async function eraseFromCaches(cacheDir: string, images: ReadonlySet<string>): Promise<number> {
  const embeddings = embeddingCacheFolder(cacheDir);
  const { removed } = await collectEmbeddings(embeddings, ({ sha256 }) => !images.has(sha256));
  const entries = await readdir(cacheDir, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || isInside(embeddings, path) || isInside(thumbnailsFolder(cacheDir), path)) continue;
    if (await names(path, images)) await rm(path, { force: true });
  }
  return removed;
}

async function names(path: string, images: ReadonlySet<string>): Promise<boolean> {
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'latin1', highWaterMark: 1 << 20 })) {
    const text = rest + (chunk as string);
    for (const image of images) if (text.includes(image)) return true;
    rest = text.slice(-shaLength);
  }
  return false;
}
