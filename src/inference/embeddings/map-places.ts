import { openFiles } from '../../artifacts/transform-graph/open-files.ts';
import { RandomProjection } from '../../math/drift/random-projection.ts';
import { type LinearFit, linearFit, linearValue } from '../../math/stats/linear-fit.ts';
import type { MapPoints, MapRequest } from './photo-map.ts';

export interface PlacesRequest extends MapRequest, Pick<MapPoints, 'x' | 'y'> {
  /** Of the request log. */
  projection: { seed: string; size: number };
}

/** How a stored projection becomes a place on a map. */
export interface MapPlaces {
  fits: [LinearFit, LinearFit];
  /** Share of the variance of unseen photos' places that it explains, along each axis; at most 1, below 0 worse than their mean. */
  explained: [number, number];
}

/** Of every second photo the place is foretold from the others, so that `explained` is of photos that it did not see. */
export function mapPlaces({ transformUri, splits, at, x, y, projection }: PlacesRequest): MapPlaces {
  using source = openFiles({ uri: transformUri, splits });
  const { size, views } = source;
  const axes = new RandomProjection(projection.seed, size, projection.size);
  const rows = new Float32Array(at.length * projection.size);
  const embedding = new Float32Array(size);
  at.forEach((photo, i) => {
    source.read([photo * views], embedding);
    rows.set(axes.project(embedding), i * projection.size);
  });
  const placed = (chosen: readonly number[]) => linearFit(rows, projection.size, [x, y], chosen);
  const half = placed([...at.keys()].filter((i) => i % 2 === 0));
  const unseen = [...at.keys()].filter((i) => i % 2 === 1);
  const explained = [x, y].map((column, k) => {
    const rowOf = (i: number) => rows.subarray(i * projection.size, (i + 1) * projection.size);
    const mean = unseen.reduce((sum, i) => sum + column[i]!, 0) / unseen.length;
    const missed = unseen.reduce((sum, i) => sum + (column[i]! - linearValue(half[k]!, rowOf(i))) ** 2, 0);
    const all = unseen.reduce((sum, i) => sum + (column[i]! - mean) ** 2, 0);
    return all > 0 ? Math.round(1e4 * (1 - missed / all)) / 1e4 : 0;
  });
  const [across, up] = placed([...at.keys()]);
  return { fits: [across!, up!], explained: [explained[0]!, explained[1]!] };
}

/** Where a projection lies, in the units of the map. */
export function placeOn({ fits: [across, up] }: MapPlaces, projection: Float32Array): { x: number; y: number } {
  const placed = (fit: LinearFit) => Math.round(1e4 * linearValue(fit, projection)) / 1e4;
  return { x: placed(across), y: placed(up) };
}
