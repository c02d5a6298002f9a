import type { PhotoMap } from '../../contracts/api/data.ts';
import { splits } from '../../contracts/artifacts/example.ts';
import { MitateError } from '../../errors/index.ts';
import type { MapPoints } from '../../inference/embeddings/photo-map.ts';
import { findDataSet } from '../datasets/find-data-set.ts';
import { askPhotoProcess } from './in-child-process.ts';
import type { DataStore } from './list-photos.ts';
import { madeFrom } from './made-from.ts';
import { openPhotoIndex } from './open-index.ts';

/** A map takes a second to compute, and no longer changes. Of 5,000 photos it has 200 kB. */
const mostKept = 16;
const kept = new Map<string, Promise<PhotoMap>>();

/**
 * Photos of a data set on a plane; of more than `points` photos those with the smallest sha256.
 * @throws DATA_NOT_FOUND, NEIGHBOURS_UNKNOWN, TRANSFORM_ARTIFACT_INVALID, EXAMPLES_CORRUPT, PHOTOS_PROCESS_DIED, SERVER_BUSY
 */
export async function showMap(store: DataStore, reference: string, points: number): Promise<PhotoMap> {
  const artifact = await findDataSet(store, 'Examples', reference);
  const index = await openPhotoIndex(store, artifact);
  const transform = await madeFrom(store, 'TransformGraph', artifact);
  if (!transform) throw new MitateError('NEIGHBOURS_UNKNOWN', { data: reference });
  const { id, uri } = transform.artifact;
  const compute = async (): Promise<PhotoMap> => {
    const at = index.sample(points);
    const present = splits.filter((_, i) => index.starts[i + 1]! > index.starts[i]!);
    const found = await askPhotoProcess<MapPoints>({ kind: 'map', transformUri: uri, splits: present, at });
    return { ...found, at, photos: index.count };
  };
  return await remembered(`${store.project} ${id} ${artifact.digest} ${points}`, compute);
}

async function remembered(key: string, compute: () => Promise<PhotoMap>): Promise<PhotoMap> {
  const map = kept.get(key) ?? compute();
  kept.delete(key);
  kept.set(key, map);
  const [oldest] = kept.keys();
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  try {
    return await map;
  } catch (error) {
    if (kept.get(key) === map) kept.delete(key);
    throw error;
  }
}
