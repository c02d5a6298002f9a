import type { ExamplesSummary } from '../../contracts/artifacts/example.ts';
import { groupByKey } from '../../math/stats/group-by-key.ts';
import type { Photo } from '../../sources/scan/scan.ts';
import { byCodeUnit } from '../../sources/source-path.ts';

export interface MergedPhotos {
  /** One per digest, in order of digests. */
  photos: Photo[];
  duplicates: ExamplesSummary['duplicates'];
  conflicts: ExamplesSummary['conflicts'];
}

/** Equal bytes with one label are kept once, under the first file name; with several labels they are a conflict and left out. */
export function mergePhotos(all: readonly Photo[]): MergedPhotos {
  const merged: MergedPhotos = { photos: [], duplicates: [], conflicts: [] };
  for (const [sha256, copies] of groupByKey(all, (photo) => photo.sha256)) {
    const labels = [...new Set(copies.map(({ label }) => label))].sort(byCodeUnit);
    const filenames = copies.map(({ filename }) => filename);
    if (labels.length > 1) merged.conflicts.push({ sha256, labels, filenames });
    else {
      merged.photos.push(...copies.slice(0, 1));
      if (copies.length > 1) merged.duplicates.push({ sha256, filenames });
    }
  }
  return merged;
}
