import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../codecs/digest.ts';
import { bucketAccess } from '../config/buckets.ts';
import { MitateError } from '../errors/index.ts';
import { writeWhole } from '../files/write-whole.ts';
import { Bucket, type BucketObject } from '../network/bucket/bucket.ts';
import { labelledFirst } from './labelled-first.ts';
import { byteBudget } from './limits.ts';
import { maxFileBytes, type OpenOptions, type SourceItem } from './source-item.ts';
import { byCodeUnit, passedOver } from './source-path.ts';
import { type PlaceOf, readFolders } from './split-folders.ts';

/**
 * The photos below `s3://bucket/prefix`, labelled as in a folder: by the first part of the key after the prefix, or the second below splits. All are
 * listed before the first is read; each is downloaded once per ETag.
 * @throws BUCKET_*, SOURCE_EMPTY, SOURCE_UNLABELLED, SOURCE_SPLITS_MIXED, SOURCE_TOO_LARGE, SOURCE_TOO_MANY_ENTRIES
 */
export async function* openBucket(source: string, options: OpenOptions): AsyncGenerator<SourceItem> {
  const bucket = new Bucket(source, bucketAccess());
  const photos = await listPhotos(bucket, options);
  const placeOf = placesOf(source, photos, options);
  options.notes?.addLabels((folders) => placeOf(folders).label);
  const items = photos.map((photo) => toItem(bucket, photo, placeOf, options));
  yield* labelledFirst(source, items, options);
}

/** Digest of names, sizes and ETags, without reading the photos. @throws what `openBucket` throws before its first photo */
export async function digestOfBucket(source: string, options: OpenOptions): Promise<string> {
  const photos = await listPhotos(new Bucket(source, bucketAccess()), options);
  const placeOf = placesOf(source, photos, options);
  const lines = photos.map(({ name, sizeBytes, etag }) => {
    const { split, label } = placeOf(foldersOf(name));
    return JSON.stringify([name, sizeBytes, etag, ...(split === undefined ? [] : [split, label])]);
  });
  return sha256(lines.join('\n'));
}

async function listPhotos(bucket: Bucket, { limits, signal, notes }: OpenOptions): Promise<BucketObject[]> {
  const source = bucket.place;
  const spend = byteBudget(source, limits.maxBytes);
  const photos: BucketObject[] = [];
  // keys with `..` are no clutter: reading them is refused with a reason
  for await (const object of bucket.list(signal)) {
    const parts = partsOf(object.name);
    const ignored = passedOver(parts.filter((part) => part !== '.' && part !== '..'));
    if (ignored !== null) {
      notes?.passOver(ignored);
      if (ignored === parts.join('/') && parts.length > 1) notes?.addFolder(parts.slice(0, -1));
      continue;
    }
    if (photos.length === limits.maxEntries)
      throw new MitateError('SOURCE_TOO_MANY_ENTRIES', { source, limit: limits.maxEntries });
    spend(object.sizeBytes);
    photos.push(object);
  }
  return photos.sort((a, b) => byCodeUnit(a.name, b.name));
}

function placesOf(source: string, photos: readonly BucketObject[], options: OpenOptions): PlaceOf {
  return readFolders(
    source,
    photos.map(({ name }) => foldersOf(name)),
    options,
  );
}

/** Empty parts are dropped: `a//b` is `a/b`. */
const partsOf = (name: string) =>
  name
    .normalize('NFC')
    .split('/')
    .filter((part) => part !== '');

const foldersOf = (name: string) => partsOf(name).slice(0, -1);

function toItem(bucket: Bucket, object: BucketObject, placeOf: PlaceOf, { cacheDir, signal }: OpenOptions): SourceItem {
  const parts = partsOf(object.name);
  const filename = parts.join('/');
  const path = cacheDir === undefined ? null : keptAt(cacheDir, bucket, object);
  return {
    filename,
    ...placeOf(foldersOf(object.name)),
    ...(path !== null && { path }),
    async read() {
      const { sizeBytes } = object;
      if (sizeBytes > maxFileBytes)
        throw new MitateError('SOURCE_FILE_TOO_LARGE', { filename, limitBytes: maxFileBytes });
      const kept = path === null ? null : await readFile(path).catch(() => null);
      if (kept?.length === sizeBytes) return kept;
      const bytes = await bucket.read(object, signal);
      if (path !== null) await writeWhole(path, bytes);
      return bytes;
    },
  };
}

/** The path depends on the ETag, so a changed object is downloaded again. */
function keptAt(cacheDir: string, { origin }: Bucket, { key, etag, sizeBytes }: BucketObject): string {
  const digest = sha256(JSON.stringify([origin, key, etag, sizeBytes]));
  return join(cacheDir, 'buckets', digest.slice(0, 2), digest);
}
