import { setTimeout as sleep } from 'node:timers/promises';
import type { BucketAccess } from '../../contracts/bucket.ts';
import { isMitateError, MitateError } from '../../errors/index.ts';
import { textOf } from './listing.ts';

/** A GET of an object, or of a list of them. */
interface BucketGet {
  url: URL;
  /** For messages. */
  place: string;
  access: BucketAccess;
  /** `If-Match`. */
  etag?: string;
}

export interface GetRequest extends BucketGet {
  signal?: AbortSignal | undefined;
}

const tries = 5;
/** Before the second try; doubles each time. Half of it is random, so that clients do not retry at once. */
const firstPauseMs = 200;
/** One try, body included: 64 MiB at 1 MiB/s. */
const timeoutMs = 60_000;

/** Thrown when a retry may help. */
class Retryable extends Error {}

/**
 * A signed GET; retried when the storage is busy, the connection breaks or the body ends early.
 * @param read of a successful response
 * @throws BUCKET_*, SOURCE_CHANGED, CANCELLED
 */
export async function get<T>(request: GetRequest, read: (response: Response) => Promise<T>): Promise<T> {
  const { place, signal } = request;
  for (let tried = 1; ; tried++) {
    try {
      return await once(request, read);
    } catch (error) {
      if (signal?.aborted) throw new MitateError('CANCELLED', {});
      if (isMitateError(error)) throw error;
      if (tried === tries)
        throw new MitateError('BUCKET_UNREACHABLE', { place, reason: reasonOf(error), tries }, { cause: error });
    }
    const pauseMs = firstPauseMs * 2 ** (tried - 1) * (1 - Math.random() / 2);
    await sleep(pauseMs, undefined, { ...(signal && { signal }) }).catch(() => {
      throw new MitateError('CANCELLED', {});
    });
  }
}

async function once<T>(request: GetRequest, read: (response: Response) => Promise<T>): Promise<T> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout;
  const response = await fetch(request.url, { headers: await signed(request), redirect: 'manual', signal });
  if (response.status === 200) return await read(response);
  const text = await response.text();
  const { status } = response;
  if (status >= 500 || status === 429 || status === 408) throw new Retryable(`the storage answered ${status}`);
  throw refusal(request, response, text);
}

/** Signature version 4. @throws BUCKET_CREDENTIALS_MISSING */
async function signed({ url, place, etag, access: { credentials, region } }: GetRequest): Promise<Headers> {
  if (credentials === null) throw new MitateError('BUCKET_CREDENTIALS_MISSING', { place });
  const { AwsV4Signer } = await import('aws4fetch');
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const signer = new AwsV4Signer({
    url: url.href,
    // No content encoding in transit.
    headers: { 'accept-encoding': 'identity', 'user-agent': 'mitate', ...(etag && { 'if-match': `"${etag}"` }) },
    service: 's3',
    region,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== null && { sessionToken }),
  });
  return (await signer.sign()).headers;
}

/** fetch's reason is in the cause. */
function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  return cause instanceof Error && cause.message ? cause.message : ((cause as { code?: string })?.code ?? message);
}

/** The catalogue error of a response that will not succeed on retry. */
function refusal({ url, place, etag, access }: BucketGet, { status, headers }: Response, xml: string): MitateError {
  const code = textOf(xml, 'Code') ?? '';
  const reason = textOf(xml, 'Message') || 'the storage does not say why';
  const actual = headers.get('x-amz-bucket-region') ?? textOf(xml, 'Region');
  if (actual && actual !== access.region)
    return new MitateError('BUCKET_REGION', { place, region: access.region, actual });
  if (code === 'NoSuchBucket') return new MitateError('BUCKET_UNKNOWN', { place, endpoint: url.origin });
  // An object that was listed a moment ago.
  if (etag !== undefined && (status === 404 || status === 412))
    return new MitateError('SOURCE_CHANGED', { filename: place });
  if (status === 401 || status === 403 || code !== '')
    return new MitateError('BUCKET_DENIED', { place, status, code: code || 'without a code', reason });
  return new MitateError('BUCKET_ANSWER_INVALID', {
    place,
    reason: `a GET of ${url.origin}${url.pathname} was answered with status ${status}, which S3 does not use`,
  });
}
