import type { BucketAccess } from '../../contracts/bucket.ts';
import { MitateError } from '../../errors/index.ts';
import type { ByteRange, NewObject, ObjectStorage } from '../objects/object-storage.ts';
import { rangeHeader, readRange } from '../objects/range.ts';
import { Bucket } from './bucket.ts';
import { objectUrl } from './object-url.ts';
import { type BucketPlace, bucketPlace } from './place.ts';
import { type BucketRequest, send } from './request.ts';

/** Of one PUT: what S3 takes. */
const maxObjectBytes = 5 * 1024 ** 3;

/** Objects of S3-compatible storage. `ifAbsent` is `If-None-Match: *`. */
export class S3Objects implements ObjectStorage {
  readonly uri: string;
  readonly #at: BucketPlace;
  readonly #access: BucketAccess;
  readonly #signal: AbortSignal | undefined;

  /** @param uri `s3://bucket/folder`, or `minio://` @throws BUCKET_PLACE_INVALID */
  constructor(uri: string, access: BucketAccess, signal?: AbortSignal) {
    this.uri = uri;
    this.#at = bucketPlace(uri);
    this.#access = access;
    this.#signal = signal;
  }

  async read(key: string, range?: ByteRange): Promise<Uint8Array | null> {
    // 416: the object ends before the range
    const request = { headers: rangeHeader(range), nullFor: range ? [404, 416] : [404] };
    return await send(this.#request(key, request), (response) => readRange(response, range));
  }

  async write(key: string, { body, sha256, ifAbsent }: NewObject): Promise<boolean> {
    if (body.size > maxObjectBytes)
      throw new MitateError('BUCKET_OBJECT_TOO_LARGE', { place: `${this.uri}/${key}`, limitBytes: maxObjectBytes });
    const headers = { 'x-amz-content-sha256': sha256, ...(ifAbsent && { 'if-none-match': '*' }) };
    const request = this.#request(key, { method: 'PUT', body, headers, nullFor: ifAbsent ? [412] : [] });
    const written = await send(request, async (response) => {
      await response.body?.cancel();
      return true;
    });
    return written ?? false;
  }

  async remove(key: string): Promise<void> {
    await send(this.#request(key, { method: 'DELETE', nullFor: [404] }), async (response) => {
      await response.body?.cancel();
    });
  }

  async *list(): AsyncIterable<string> {
    const bucket = new Bucket(this.uri.replace(/^minio:/i, 's3:'), this.#access);
    for await (const { name } of bucket.list(this.#signal)) yield name;
  }

  #request(key: string, more: Partial<BucketRequest>): BucketRequest {
    const { bucket, prefix } = this.#at;
    const url = objectUrl(this.#access, bucket, prefix + key);
    return { url, place: `${this.uri}/${key}`, access: this.#access, signal: this.#signal, ...more };
  }
}
