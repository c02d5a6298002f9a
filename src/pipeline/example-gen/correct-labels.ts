import type { Correction } from '../../sources/corrections.ts';
import type { Photo } from '../../sources/scan/scan.ts';
import type { Found } from './read-places.ts';

/**
 * The photos with their corrected labels, without those that a correction leaves out. Before labels are compared: a correction also settles a conflict.
 */
export function correctLabels(found: Found, corrections: ReadonlyMap<string, Correction>): Found {
  const changed: Photo[] = [];
  const photos = found.photos.flatMap((photo) => {
    const label = corrections.get(photo.sha256)?.label;
    if (label === null) return [];
    if (label === undefined || label === photo.label) return [photo];
    changed.push(photo);
    return [{ ...photo, label }];
  });
  const relabelled = [...Map.groupBy(changed, ({ sha256 }) => sha256)].map(([sha256, copies]) => ({
    ...{ sha256, filename: copies[0]!.filename },
    ...{ from: [...new Set(copies.map(({ label }) => label))], to: corrections.get(sha256)!.label! },
  }));
  return { ...found, photos, relabelled: [...found.relabelled, ...relabelled] };
}
