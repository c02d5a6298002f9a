/** Entry of a process that reads data sets for the screens of a server: makes an index, reads photos out of shards, finds similar photos, draws maps. */
import { mkdir, rename, rm } from 'node:fs/promises';
import { buildPhotoIndex } from '../../artifacts/examples/photo-index/build.ts';
import type { ShardPlace } from '../../artifacts/examples/photo-index/open.ts';
import { readShard } from '../../artifacts/examples/photo-index/read-shard.ts';
import { mapPlaces, type PlacesRequest } from '../../inference/embeddings/map-places.ts';
import { type MapRequest, photoMap } from '../../inference/embeddings/photo-map.ts';
import { serveParent } from '../../processes/serve-parent.ts';
import { type NeighbourRequest, nearestPhotos } from './nearest-photos.ts';

export type PhotoTask =
  | { kind: 'index'; uri: string; folder: string }
  | { kind: 'shard'; uri: string; place: Omit<ShardPlace, 'record'>; shards: number; wanted: [number, string][] }
  | ({ kind: 'nearest' } & NeighbourRequest)
  | ({ kind: 'map' } & MapRequest)
  | ({ kind: 'places' } & PlacesRequest);

serveParent(async (task: PhotoTask) => {
  if (task.kind === 'map') return await photoMap(task);
  if (task.kind === 'places') return mapPlaces(task);
  if (task.kind === 'nearest') return await nearestPhotos(task);
  if (task.kind === 'shard') return await readShard(task.uri, task.place, task.shards, new Map(task.wanted));
  const building = `${task.folder}.${process.pid}.tmp`;
  try {
    await mkdir(building, { recursive: true });
    await buildPhotoIndex(task.uri, building);
    await rm(task.folder, { recursive: true, force: true });
    await rename(building, task.folder);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
});
