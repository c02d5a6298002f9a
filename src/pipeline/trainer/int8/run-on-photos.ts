import { readImages } from '../../../artifacts/examples/read-examples.ts';
import type { Example, Split } from '../../../contracts/artifacts/example.ts';
import type { View } from '../../../contracts/artifacts/signature.ts';
import { MitateError } from '../../../errors/index.ts';
import type { PooledGraph } from '../../../inference/inference-pool.ts';
import { mapOrdered } from '../../../inference/map-ordered.ts';

/** Photos in flight per process: as for Transform. */
const photosPerProcess = 8;

export interface PhotoRuns {
  examplesUri: string;
  split: Split;
  /** Sha256 of photos of the split. */
  photos: ReadonlySet<string>;
  graph: PooledGraph;
  views: View[];
  /** Of the graph, one float32 vector a view. */
  output: string;
  processes: number;
  signal: AbortSignal;
}

/** The output of each photo in each view, in the order of the split. @throws as `PooledGraph.run`; EXAMPLES_CORRUPT, CANCELLED */
export async function* runOnPhotos(options: PhotoRuns): AsyncGenerator<{ example: Example; vectors: Float32Array[] }> {
  const { examplesUri, split, photos, graph, views, output, processes, signal } = options;
  if (photos.size === 0) return;
  const images = readImages(examplesUri, split, ({ sha256 }) => photos.has(sha256));
  yield* mapOrdered(images, processes * photosPerProcess, async ({ example, image }) => {
    if (signal.aborted) throw new MitateError('CANCELLED', {});
    const vectors = await graph.run(image, views, [output], { signal, subject: example.filename });
    return { example, vectors: vectors.flat() };
  });
}
