import { openEmbeddings } from '../../artifacts/transform-graph/open-embeddings.ts';
import { type EmbeddingFiles, type EmbeddingSource, joinSources } from './embedding-source.ts';

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
