import type { ExamplesSummary } from '../../contracts/artifacts/example.ts';
import { byCodeUnit } from '../sources/source-path.ts';
import type { Photo } from './scan.ts';

export interface MergedPhotos {
  /** One per digest, sorted by it. */
  photos: Photo[];
  duplicates: ExamplesSummary['duplicates'];
  conflicts: ExamplesSummary['conflicts'];
}

/** Same bytes, same label: kept once, under the first file name. Same bytes under two labels: no example, a conflict. */
export function mergePhotos(all: readonly Photo[]): MergedPhotos {
  const merged: MergedPhotos = { photos: [], duplicates: [], conflicts: [] };
  for (const [sha256, copies] of byDigest(all)) {
    const labels = [...new Set(copies.map(({ label }) => label))].sort(byCodeUnit);
    const filenames = copies.map(({ filename }) => filename);
    if (labels.length > 1) merged.conflicts.push({ sha256, labels, filenames });
    else {
      merged.photos.push(copies[0]!);
      if (copies.length > 1) merged.duplicates.push({ sha256, filenames });
    }
  }
  return merged;
}

function byDigest(all: readonly Photo[]): [string, Photo[]][] {
  const found = new Map<string, Photo[]>();
  for (const photo of all) {
    const copies = found.get(photo.sha256);
    if (copies) copies.push(photo);
    else found.set(photo.sha256, [photo]);
  }
  return [...found].sort(([a], [b]) => byCodeUnit(a, b));
}
