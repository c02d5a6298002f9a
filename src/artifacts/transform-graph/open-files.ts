import { type EmbeddingFiles, type EmbeddingSource, joinSources } from './embedding-source.ts';
import { openEmbeddings } from './open-embeddings.ts';

/** The embeddings of several splits as one source. @throws TRANSFORM_ARTIFACT_INVALID */
export function openFiles({ uri, splits }: EmbeddingFiles): EmbeddingSource & Disposable {
  const files = splits.map((split) => openEmbeddings(uri, split));
  return {
    ...joinSources(files),
    [Symbol.dispose]: () => {
      for (const file of files) file.close();
    },
  };
}
