import { z } from 'zod';
import type { GoogleAccess } from '../../contracts/bucket.ts';
import { MitateError } from '../../errors/index.ts';
import { type BucketPlace, bucketPlace } from '../bucket/place.ts';
import type { ByteRange, NewObject, ObjectStorage } from '../objects/object-storage.ts';
import { rangeHeader, readRange } from '../objects/range.ts';
import { Retryable, requireSettled, retried, timeLimit } from '../retried.ts';
import { GoogleToken } from './access-token.ts';

const errorSchema = z.object({
  error: z.object({ message: z.string(), errors: z.array(z.object({ reason: z.string() })).default([]) }),
});
const pageSchema = z.object({
  items: z.array(z.object({ name: z.string() })).default([]),
  nextPageToken: z.string().optional(),
});
const writtenSchema = z.object({ size: z.coerce.number() });

interface ObjectRequest {
  method?: string;
  path: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: Blob;
  /** Statuses of answers to be given as null. */
  nullFor?: readonly number[];
}

/** Objects of Google Cloud Storage, by its JSON API. `ifAbsent` is `ifGenerationMatch=0`. */
export class GoogleObjects implements ObjectStorage {
  readonly uri: string;
  readonly #at: BucketPlace;
  readonly #origin: string;
  readonly #token: GoogleToken;
  readonly #signal: AbortSignal | undefined;

  /** @param uri `gs://bucket/folder` @throws BUCKET_PLACE_INVALID */
  constructor(uri: string, { credentials, storage }: GoogleAccess, signal?: AbortSignal) {
    this.uri = uri;
    this.#at = bucketPlace(uri);
    this.#origin = storage;
    this.#token = new GoogleToken(credentials);
    this.#signal = signal;
  }

  async read(key: string, range?: ByteRange): Promise<Uint8Array | null> {
    const request = {
      path: `/storage/v1/b/${this.#at.bucket}/o/${this.#name(key)}`,
      query: { alt: 'media' },
      headers: range ? rangeHeader(range) : { 'accept-encoding': 'identity' },
      // 416: the object ends before the range
      nullFor: range ? [404, 416] : [404],
    };
    return await this.#send(key, request, (response) => readRange(response, range));
  }

  async write(key: string, { body, ifAbsent }: NewObject): Promise<boolean> {
    const request = {
      method: 'POST',
      path: `/upload/storage/v1/b/${this.#at.bucket}/o`,
      query: { uploadType: 'media', name: this.#at.prefix + key, ...(ifAbsent && { ifGenerationMatch: '0' }) },
      headers: { 'content-type': 'application/octet-stream' },
      body,
      nullFor: ifAbsent ? [412] : [],
    };
    const written = await this.#send(key, request, async (response) => {
      const answer = writtenSchema.safeParse(await response.json());
      if (answer.data?.size !== body.size) throw new Retryable('the storage kept another number of bytes');
      return true;
    });
    return written ?? false;
  }

  async remove(key: string): Promise<void> {
    const path = `/storage/v1/b/${this.#at.bucket}/o/${this.#name(key)}`;
    await this.#send(key, { method: 'DELETE', path, nullFor: [404] }, async (response) => {
      await response.body?.cancel();
    });
  }

  async *list(): AsyncIterable<string> {
    const { bucket, prefix } = this.#at;
    for (let token: string | undefined = ''; token !== undefined; ) {
      const query: Record<string, string> = {
        prefix,
        fields: 'items(name),nextPageToken',
        ...(token && { pageToken: token }),
      };
      const page: z.output<typeof pageSchema> | null = await this.#send(
        '',
        { path: `/storage/v1/b/${bucket}/o`, query },
        async (response) => {
          const read = pageSchema.safeParse(await response.json());
          if (read.success) return read.data;
          throw new MitateError('BUCKET_ANSWER_INVALID', { place: this.uri, reason: 'it is not a list of objects' });
        },
      );
      for (const { name } of page?.items ?? []) yield name.slice(prefix.length);
      if (page?.nextPageToken !== undefined && page.nextPageToken === token)
        throw new MitateError('BUCKET_ANSWER_INVALID', { place: this.uri, reason: 'the list repeats its page token' });
      token = page?.nextPageToken;
    }
  }

  #name(key: string): string {
    return encodeURIComponent(this.#at.prefix + key);
  }

  async #send<T>(key: string, request: ObjectRequest, read: (response: Response) => Promise<T>): Promise<T | null> {
    const place = `${this.uri}/${key}`;
    return await retried(place, async (tried) => await this.#once(place, request, read, tried), this.#signal);
  }

  async #once<T>(
    place: string,
    { method = 'GET', path, query, headers, body, nullFor }: ObjectRequest,
    read: (response: Response) => Promise<T>,
    tried: number,
  ): Promise<T | null> {
    const url = new URL(this.#origin + path);
    url.search = new URLSearchParams(query).toString();
    const token = await this.#token.get(this.#signal);
    const response = await fetch(url, {
      method,
      headers: { 'user-agent': 'mitate', ...headers, ...(token !== null && { authorization: `Bearer ${token}` }) },
      ...(body && { body }),
      redirect: 'manual',
      signal: timeLimit(body?.size ?? 0, this.#signal),
    });
    const { status } = response;
    if ([200, 204, 206].includes(status)) return await read(response);
    const text = await response.text();
    requireSettled(response);
    // the token may have been withdrawn
    if (status === 401 && tried === 1) {
      this.#token.drop();
      throw new Retryable('the storage answered 401');
    }
    const { message, errors } = errorOf(text);
    const isBucketUnknown = status === 404 && /bucket does not exist/i.test(message);
    if (!isBucketUnknown && nullFor?.includes(status)) return null;
    if (isBucketUnknown) throw new MitateError('BUCKET_UNKNOWN', { place, endpoint: this.#origin });
    if (status === 401 || status === 403 || message !== '')
      throw new MitateError('BUCKET_DENIED', {
        place,
        status,
        code: errors[0]?.reason ?? 'without a code',
        reason: message || text.slice(0, 200) || 'the storage does not say why',
      });
    const reason = `a ${method} of ${url.origin}${path} was answered with status ${status}`;
    throw new MitateError('BUCKET_ANSWER_INVALID', { place, reason });
  }
}

function errorOf(text: string): z.output<typeof errorSchema>['error'] {
  try {
    return errorSchema.parse(JSON.parse(text)).error;
  } catch {
    return { message: '', errors: [] };
  }
}
