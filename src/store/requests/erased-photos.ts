import { and, eq } from 'drizzle-orm';
import { sha256 } from '../../codecs/digest.ts';
import type { RepositoryContext } from '../database/context.ts';
import { tombstones } from '../database/schema.ts';
import type { Store } from '../store.ts';

export function erasedPhotoRepository({ database, project }: RepositoryContext): Pick<Store, 'erasedPhotos'> {
  return {
    async erasedPhotos(photos) {
      const rows = await database
        .select({ hash: tombstones.hash })
        .from(tombstones)
        .where(and(eq(tombstones.project, project), eq(tombstones.kind, 'image')));
      const hashes = new Set(rows.map(({ hash }) => hash));
      return new Set(hashes.size === 0 ? [] : photos.filter((photo) => hashes.has(sha256(`${project}/${photo}`))));
    },
  };
}
