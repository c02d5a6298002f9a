import { resolve } from 'node:path';
import { isBucket } from '../../contracts/bucket.ts';
import { MitateError } from '../../errors/index.ts';

export interface BucketPlace {
  bucket: string;
  /** Prefix of the keys: '' for all, else it ends in a slash. */
  prefix: string;
}

/** AWS's rule, plus `_`, which Google allows. */
const name = /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/;

/** @throws BUCKET_PLACE_INVALID */
export function bucketPlace(place: string): BucketPlace {
  const [bucket = '', ...parts] = place.replace(/^(?:s3|gs|minio):\/\//i, '').split('/');
  const invalid = (reason: string) => new MitateError('BUCKET_PLACE_INVALID', { place, reason });
  if (!name.test(bucket)) throw invalid(`"${bucket}" is not a valid bucket name`);
  if (/\{(?:SPAN|VERSION)\b/.test(place)) throw invalid('spans are supported only in local folders');
  const prefix = parts.join('/').replace(/\/+$/, '');
  return { bucket, prefix: prefix && `${prefix}/` };
}

/** A path made absolute; a place in a bucket as it is. */
export function absolutePlace(base: string, place: string): string {
  return isBucket(place) ? place : resolve(base, place);
}
