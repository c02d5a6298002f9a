import type { BucketAccess } from '../../contracts/bucket.ts';
import { MitateError } from '../../errors/index.ts';
import { minutesAhead, Retryable, requireSettled, retried, timeLimit } from '../retried.ts';
import { textOf } from './listing.ts';

/** A GET of an object, or of a list of them, unless `method` says otherwise. */
export interface BucketRequest {
  method?: 'PUT' | 'DELETE';
  url: URL;
  /** For messages. */
  place: string;
  access: BucketAccess;
  /** `If-Match`. */
  etag?: string;
  /** More headers, which are signed. */
  headers?: Record<string, string>;
  body?: Blob;
  /** Statuses of answers to be given as null. */
  nullFor?: readonly number[];
  signal?: AbortSignal | undefined;
}

/**
 * A signed request; retried when the storage is busy, the connection breaks or the body ends early.
 * @param read of a successful response
 * @throws BUCKET_*, SOURCE_CHANGED, CANCELLED
 */
export async function send<T>(request: BucketRequest, read: (response: Response) => Promise<T>): Promise<T | null> {
  return await retried(request.place, async () => await once(request, read), request.signal);
}

/** The same for a request that has an answer. */
export async function get<T>(
  request: Omit<BucketRequest, 'nullFor'>,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  return (await send(request, read)) as T;
}

async function once<T>(request: BucketRequest, read: (response: Response) => Promise<T>): Promise<T | null> {
  const response = await fetch(request.url, {
    method: request.method ?? 'GET',
    headers: await signed(request),
    ...(request.body && { body: request.body }),
    redirect: 'manual',
    signal: timeLimit(request.body?.size ?? 0, request.signal),
  });
  const { status } = response;
  if ([200, 204, 206].includes(status)) return await read(response);
  const text = await response.text();
  requireSettled(response);
  const code = textOf(text, 'Code') ?? '';
  // S3: another conditional write of this object is going on
  if (code === 'ConditionalRequestConflict') throw new Retryable(`the storage answered ${code}`);
  if (code !== 'NoSuchBucket' && request.nullFor?.includes(status)) return null;
  throw refusal(request, response, text);
}

/** Signature version 4. @throws BUCKET_CREDENTIALS_MISSING */
async function signed({ method, url, place, etag, headers, access }: BucketRequest): Promise<Headers> {
  const { credentials, region } = access;
  if (credentials === null) throw new MitateError('BUCKET_CREDENTIALS_MISSING', { place });
  const { AwsV4Signer } = await import('aws4fetch');
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const signer = new AwsV4Signer({
    method: method ?? 'GET',
    url: url.href,
    headers: {
      // no content encoding in transit; fetch adds this header to a request for a range
      ...(!headers?.range && { 'accept-encoding': 'identity' }),
      'user-agent': 'mitate',
      ...(etag && { 'if-match': `"${etag}"` }),
      ...headers,
    },
    service: 's3',
    region,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== null && { sessionToken }),
  });
  return (await signer.sign()).headers;
}

/** The catalogue error of a response that will not succeed on retry. */
function refusal(request: BucketRequest, response: Response, xml: string): MitateError {
  const { method = 'GET', url, place, etag, access } = request;
  const { status, headers } = response;
  const code = textOf(xml, 'Code') ?? '';
  const reason = textOf(xml, 'Message') || 'the storage does not say why';
  const actual = headers.get('x-amz-bucket-region') ?? textOf(xml, 'Region');
  if (actual && actual !== access.region)
    return new MitateError('BUCKET_REGION', { place, region: access.region, actual });
  if (code === 'NoSuchBucket') return new MitateError('BUCKET_UNKNOWN', { place, endpoint: url.origin });
  if (code === 'RequestTimeTooSkewed')
    return new MitateError('BUCKET_CLOCK_WRONG', { place, minutes: minutesAhead(response) });
  // An object that was listed a moment ago.
  if (etag !== undefined && (status === 404 || status === 412))
    return new MitateError('SOURCE_CHANGED', { filename: place });
  if (status === 401 || status === 403 || code !== '')
    return new MitateError('BUCKET_DENIED', { place, status, code: code || 'without a code', reason });
  return new MitateError('BUCKET_ANSWER_INVALID', {
    place,
    reason: `a ${method} of ${url.origin}${url.pathname} was answered with status ${status}, which S3 does not use`,
  });
}
