import { join } from 'node:path';

/** Changes with what the files below contain. */
const layout = 1;

/** The index of an Examples artifact in the workspace cache. */
export const photoIndexesFolder = (cacheDir: string) => join(cacheDir, 'photo-index');
export const photoIndexFolder = (cacheDir: string, digest: string) =>
  join(photoIndexesFolder(cacheDir), `${digest}-${layout}`);
/** As it is sent, with no flags but the split. */
export const columnsFile = (folder: string) => join(folder, 'columns.bin');
/** float64 [n + 1]: where each line of `examples.jsonl` begins; uint32 [n], [n]: the first eight bytes of each sha256. */
export const placesFile = (folder: string) => join(folder, 'places.bin');
/** Photos in each shard of each split. */
export const shardsFile = (folder: string) => join(folder, 'shards.json');
