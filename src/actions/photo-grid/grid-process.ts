import { readImages } from '../../artifacts/examples/read-examples.ts';
import { splits } from '../../contracts/artifacts/example.ts';
import type { SentError } from '../../inference/processes/messages.ts';
import { packError } from '../../inference/processes/sent-error.ts';
import { photoGrid } from '../../vision/photo-grid.ts';

export interface GridOrder {
  /** Encoded photos, ids of training photos, or null for what is gone. */
  rows: (Uint8Array | string | null)[][];
  /** Examples artifacts that may hold the training photos. */
  examples: readonly string[];
  /** Default true. */
  isFirstApart?: boolean;
}
export type GridReply = { png: Uint8Array } | { error: SentError };

/** The process of one grid. */
process.once('message', (order: GridOrder) => {
  draw(order)
    .then(
      (png): GridReply => ({ png }),
      (error): GridReply => ({ error: packError(error) }),
    )
    .then((reply) => process.send!(reply, () => process.disconnect()));
});

async function draw({ rows, examples, isFirstApart }: GridOrder): Promise<Uint8Array> {
  const trained = await readPhotos(examples, new Set(rows.flat().filter((cell) => typeof cell === 'string')));
  return await photoGrid(
    rows.map((row) => row.map((cell) => (typeof cell === 'string' ? (trained.get(cell) ?? null) : cell))),
    { isFirstApart },
  );
}

/** What is damaged is left out: an alert's picture is no place to fail for it. */
async function readPhotos(uris: readonly string[], ids: ReadonlySet<string>): Promise<Map<string, Uint8Array>> {
  const photos = new Map<string, Uint8Array>();
  const wanted = ({ sha256 }: { sha256: string }) => ids.has(sha256) && !photos.has(sha256);
  for (const uri of ids.size === 0 ? [] : uris)
    for (const split of splits)
      try {
        for await (const { example, image } of readImages(uri, split, wanted)) photos.set(example.sha256, image);
      } catch {}
  return photos;
}
