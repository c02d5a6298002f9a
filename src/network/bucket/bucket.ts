import type { BucketAccess } from '../../contracts/bucket.ts';
import { MitateError } from '../../errors/index.ts';
import { parseListing } from './listing.ts';
import { encodedPart, objectUrl } from './object-url.ts';
import { type BucketPlace, bucketPlace } from './place.ts';
import { type BucketRequest, get } from './request.ts';

export interface BucketObject {
  key: string;
  /** The key without the prefix. */
  name: string;
  sizeBytes: number;
  /** Without quotes. Not a digest of the bytes for multipart or encrypted uploads. */
  etag: string;
  changedAt: Date;
}

/** The objects below a prefix of a bucket of S3-compatible storage. */
export class Bucket {
  /** As given: `s3://bucket/prefix`. */
  readonly place: string;
  readonly #at: BucketPlace;
  readonly #access: BucketAccess;

  /** @throws BUCKET_PLACE_INVALID */
  constructor(place: string, access: BucketAccess) {
    this.place = place;
    this.#at = bucketPlace(place);
    this.#access = access;
  }

  /** Endpoint and bucket: distinguishes objects of the same key. */
  get origin(): string {
    return this.#url('').href;
  }

  /** In the storage's order: by the bytes of the key; 1,000 per request. @throws BUCKET_*, CANCELLED */
  async *list(signal?: AbortSignal): AsyncGenerator<BucketObject> {
    for (let token: string | null | undefined; token !== null; ) {
      const page = await this.#page(token, signal);
      for (const object of page.objects)
        if (!object.key.endsWith('/')) yield { ...object, name: object.key.slice(this.#at.prefix.length) };
      if (page.next === token) throw this.#invalid('the listing repeats its continuation token');
      token = page.next;
    }
  }

  async #page(token: string | undefined, signal: AbortSignal | undefined) {
    const url = this.#url('');
    const query = {
      'list-type': '2',
      'encoding-type': 'url',
      ...(this.#at.prefix && { prefix: this.#at.prefix }),
      ...(token !== undefined && { 'continuation-token': token }),
    };
    // URLSearchParams writes a space as `+`, which some storage signs as a plus.
    url.search = Object.entries(query)
      .map(([name, value]) => `${name}=${encodedPart(value)}`)
      .join('&');
    const xml = await get(this.#request(url, this.place, signal), async (response) => await response.text());
    try {
      return parseListing(xml);
    } catch (error) {
      throw this.#invalid((error as Error).message);
    }
  }

  /** The listed bytes. @throws SOURCE_CHANGED when they changed or are gone; BUCKET_*, CANCELLED */
  async read({ key, name, sizeBytes, etag }: BucketObject, signal?: AbortSignal): Promise<Uint8Array> {
    if (key.split('/').some((part) => part === '.' || part === '..'))
      throw new MitateError('BUCKET_KEY_UNSAFE', { filename: name });
    const request = { ...this.#request(this.#url(key), `${this.place}: ${name}`, signal), etag };
    const bytes = await get(request, async (response) => {
      if (!isListed(response.headers, { etag, sizeBytes })) return await response.body?.cancel();
      return new Uint8Array(await response.arrayBuffer());
    });
    if (!bytes) throw new MitateError('SOURCE_CHANGED', { filename: name });
    return bytes;
  }

  #url(key: string): URL {
    return objectUrl(this.#access, this.#at.bucket, key);
  }

  #request(url: URL, place: string, signal: AbortSignal | undefined): BucketRequest {
    return { url, place, access: this.#access, signal };
  }

  #invalid(reason: string): MitateError {
    return new MitateError('BUCKET_ANSWER_INVALID', { place: this.place, reason });
  }
}

/** Some storage ignores `If-Match`. Compressed objects are expanded in transit, so their length differs. */
function isListed(headers: Headers, { etag, sizeBytes }: Pick<BucketObject, 'etag' | 'sizeBytes'>): boolean {
  const given = headers.get('etag')?.replace(/^(?:W\/)?"|"$/g, '');
  const length = headers.get('content-encoding') ? null : headers.get('content-length');
  return (given ?? etag) === etag && Number(length ?? sizeBytes) === sizeBytes;
}
