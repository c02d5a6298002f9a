import type { BucketAccess } from '../../contracts/bucket.ts';
import { MitateError } from '../../errors/index.ts';
import { textOf } from './listing.ts';

/** A GET of an object, or of a list of them. */
export interface BucketGet {
  url: URL;
  /** For messages. */
  place: string;
  access: BucketAccess;
  /** `If-Match`. */
  etag?: string;
}

/** The catalogue error of a response that will not succeed on retry. */
export function refusal(
  { url, place, etag, access }: BucketGet,
  { status, headers }: Response,
  xml: string,
): MitateError {
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
