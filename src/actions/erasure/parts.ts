import { erasePhoto } from '../../orchestrator/erase/erase-photo.ts';
import { archivedFiles, eraseFromParquet } from '../../serving/log/export/erase-rows.ts';
import { localArtifacts } from '../../store/artifacts/fs.ts';
import { localImages } from '../../store/images/image-store.ts';
import { eraseFromCaches } from './caches.ts';
import { eraseCopies } from './copies.ts';
import type { Erasure } from './erasure.ts';

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

/** All that a workspace keeps of a photo or a request, in the order in which it goes. What is kept anywhere else is a fault. */
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
  // again: a copy without metadata has a sha256 of its own
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
