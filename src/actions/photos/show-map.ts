import type { PhotoMap } from '../../contracts/api/data.ts';
import { type Split, splits } from '../../contracts/artifacts/example.ts';
import { MitateError } from '../../errors/index.ts';
import type { MapPlaces } from '../../inference/embeddings/map-places.ts';
import type { MapPoints } from '../../inference/embeddings/photo-map.ts';
import { findDataSet } from '../datasets/find-data-set.ts';
import { askPhotoProcess } from './in-child-process.ts';
import type { DataStore } from './list-photos.ts';
import { madeFrom } from './made-from.ts';
import { openPhotoIndex } from './open-index.ts';

/** A map takes a second to compute, and no longer changes. Of 5,000 photos it has 200 kB. */
const mostKept = 16;
const kept = new Map<string, Promise<unknown>>();

export interface OpenMap {
  key: string;
  photos: number;
  /** Those with photos, in their order. */
  splits: Split[];
  at: number[];
  transformUri: string;
  points: MapPoints;
}

/**
 * Photos of a data set on a plane; of more than `points` photos those with the smallest sha256.
 * @throws DATA_NOT_FOUND, NEIGHBOURS_UNKNOWN, TRANSFORM_ARTIFACT_INVALID, EXAMPLES_CORRUPT, PHOTOS_PROCESS_DIED, SERVER_BUSY
 */
export async function showMap(store: DataStore, reference: string, points: number): Promise<PhotoMap> {
  const map = await mapOf(store, reference, points);
  return { ...map.points, at: map.at, photos: map.photos };
}

/** @throws as `showMap` */
export async function mapOf(store: DataStore, reference: string, points: number): Promise<OpenMap> {
  const artifact = await findDataSet(store, 'Examples', reference);
  const index = await openPhotoIndex(store, artifact);
  const transform = await madeFrom(store, 'TransformGraph', artifact);
  if (!transform) throw new MitateError('NEIGHBOURS_UNKNOWN', { data: reference });
  const { id, uri: transformUri } = transform.artifact;
  const key = `${store.project} ${id} ${artifact.digest} ${points}`;
  return await remembered(key, async () => {
    const at = index.sample(points);
    const present = splits.filter((_, i) => index.starts[i + 1]! > index.starts[i]!);
    const found = await askPhotoProcess<MapPoints>({ kind: 'map', transformUri, splits: present, at });
    return { key, photos: index.count, splits: present, at, transformUri, points: found };
  });
}

/** How projections of requests become places on the map. @throws as `showMap` */
export async function placesOf(
  { key, transformUri, splits, at, points: { x, y } }: OpenMap,
  { seed, size }: { seed: string; size: number },
): Promise<MapPlaces> {
  const task = { kind: 'places', transformUri, splits, at, x, y, projection: { seed, size } } as const;
  return await remembered(`${key} ${seed} ${size}`, () => askPhotoProcess<MapPlaces>(task));
}

async function remembered<T>(key: string, compute: () => Promise<T>): Promise<T> {
  const found = (kept.get(key) as Promise<T> | undefined) ?? compute();
  kept.delete(key);
  kept.set(key, found);
  const [oldest] = kept.keys();
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  try {
    return await found;
  } catch (error) {
    if (kept.get(key) === found) kept.delete(key);
    throw error;
  }
}
