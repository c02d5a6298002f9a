import type { ExamplesSummary, Rejected } from '../../contracts/artifacts/example.ts';
import type { Photo } from '../../sources/scan/scan.ts';
import { newestLabels } from './newest-labels.ts';
import { type ReadTools, readSource } from './read-source.ts';
import type { Place } from './resolve-sources.ts';

export interface Found {
  photos: Photo[];
  rejected: Rejected[];
  relabelled: ExamplesSummary['relabelled'];
}

/** The photos of all places, with the span of each. @throws what `readSource` throws */
export async function readPlaces(places: readonly Place[], tools: ReadTools): Promise<Found> {
  const found: { photos: Photo[]; rejected: Rejected[] }[] = [];
  for (const place of places) found.push(placed(place, await readSource(place.path, tools)));
  return { ...newestLabels(found.map(({ photos }) => photos)), rejected: found.flatMap(({ rejected }) => rejected) };
}

function placed({ prefix, span, version }: Place, { photos, rejected }: { photos: Photo[]; rejected: Rejected[] }) {
  const renamed = <T extends { filename: string }>(each: T): T => ({ ...each, filename: prefix + each.filename });
  return {
    photos: photos.map((photo) => ({ ...renamed(photo), ...(span !== null && { span }), version })),
    rejected: rejected.map(renamed),
  };
}
