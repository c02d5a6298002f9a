import type { ExamplesSummary } from '../../contracts/artifacts/example.ts';
import type { Photo } from '../../sources/scan/scan.ts';
import { byCodeUnit } from '../../sources/source-path.ts';
import { type ReadSource, type ReadTools, readSource } from './read-source.ts';
import type { Place } from './resolve-sources.ts';

export interface Found extends ReadSource {
  relabelled: ExamplesSummary['relabelled'];
}

/** The photos of all places, with the span of each. @throws what `readSource` throws */
export async function readPlaces(places: readonly Place[], tools: ReadTools): Promise<Found> {
  const found: ReadSource[] = [];
  for (const place of places) found.push(placed(place, await readSource(place.path, tools)));
  const labels = new Set(found.flatMap(({ photos }) => photos.map(({ label }) => label)));
  return {
    ...newestLabels(found.map(({ photos }) => photos)),
    ...notesOf(found),
    rejected: found.flatMap(({ rejected }) => rejected),
    emptyLabels: [...new Set(found.flatMap(({ emptyLabels }) => emptyLabels))].filter((label) => !labels.has(label)),
  };
}

/** What several sources contain besides photos. */
export function notesOf(found: readonly Pick<ReadSource, 'passedOver' | 'splitFolders'>[]) {
  const all = found.map(({ passedOver }) => passedOver);
  return {
    passedOver: {
      count: all.reduce((sum, { count }) => sum + count, 0),
      first: all.flatMap(({ first }) => first).slice(0, 10),
    },
    splitFolders: [...new Set(found.flatMap(({ splitFolders }) => splitFolders))],
  };
}

function placed({ prefix, span, version }: Place, { photos, rejected, ...notes }: ReadSource): ReadSource {
  const renamed = <T extends { filename: string }>(each: T): T => ({ ...each, filename: prefix + each.filename });
  return {
    ...notes,
    photos: photos.map((photo) => ({ ...renamed(photo), ...(span !== null && { span }), version })),
    rejected: rejected.map(renamed),
  };
}

/**
 * Where photos with equal bytes have other labels in another place, those of the last place stay: a later span corrects an earlier one.
 * @param places photos by place, in the order of the places
 */
function newestLabels(places: readonly (readonly Photo[])[]): {
  photos: Photo[];
  relabelled: ExamplesSummary['relabelled'];
} {
  const newest = new Map<string, { place: number; labels: Set<string> }>();
  for (const [place, photos] of places.entries())
    for (const { sha256, label } of photos) {
      const before = newest.get(sha256);
      if (before?.place === place) before.labels.add(label);
      else newest.set(sha256, { place, labels: new Set([label]) });
    }
  const photos: Photo[] = [];
  const old = new Map<string, { filename: string; from: Set<string> }>();
  for (const photo of places.flat()) {
    const { sha256, label, filename } = photo;
    if (newest.get(sha256)?.labels.has(label)) photos.push(photo);
    else old.set(sha256, { filename, from: (old.get(sha256)?.from ?? new Set()).add(label) });
  }
  const relabelled = [...old].map(([sha256, { filename, from }]) => ({
    ...{ sha256, filename, from: [...from].sort(byCodeUnit) },
    to: [...(newest.get(sha256)?.labels ?? [])].sort(byCodeUnit).join(', '),
  }));
  return { photos, relabelled: relabelled.sort((a, b) => byCodeUnit(a.sha256, b.sha256)) };
}
