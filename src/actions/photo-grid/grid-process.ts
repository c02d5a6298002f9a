/** Entry of a process that draws one grid. */
import { readImages } from '../../artifacts/examples/read-examples.ts';
import { splits } from '../../contracts/artifacts/example.ts';
import { serveParent } from '../../processes/serve-parent.ts';
import { photoGrid } from '../../vision/photo-grid.ts';

export interface GridRequest {
  /** Encoded photos, ids of training photos, or null for deleted photos. */
  rows: (Uint8Array | string | null)[][];
  /** Examples artifacts that may hold the training photos. */
  examples: readonly string[];
  /** Default true. */
  gapAfterFirst?: boolean;
}

serveParent(async ({ rows, examples, gapAfterFirst }: GridRequest) => {
  const trained = await readPhotos(examples, new Set(rows.flat().filter((cell) => typeof cell === 'string')));
  return await photoGrid(
    rows.map((row) => row.map((cell) => (typeof cell === 'string' ? (trained.get(cell) ?? null) : cell))),
    { gapAfterFirst },
  );
});

/** Damaged artifacts are skipped: an alert is sent without these photos rather than not at all. */
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
