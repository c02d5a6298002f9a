import { eq } from 'drizzle-orm';
import type { RepositoryContext } from '../database/context.ts';
import { goldenExamples } from '../database/feedback-schema.ts';
import type { Store } from '../store.ts';

export function goldenPhotoRepository({ database, project }: RepositoryContext): Pick<Store, 'goldenPhotos'> {
  return {
    async goldenPhotos() {
      const { set, sha256, label, format, phash, thumbnail } = goldenExamples;
      return await database
        .select({ set, sha256, label, format, phash, thumbnail })
        .from(goldenExamples)
        .where(eq(goldenExamples.project, project));
    },
  };
}
