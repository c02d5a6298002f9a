import { defineErrors } from '../define-errors.ts';

export const bucketErrors = defineErrors({
  BUCKET_PLACE_INVALID: {
    status: 400,
    when: 'an s3:// location is malformed',
    message: '"{place}" is not a valid bucket location: {reason}',
    remedy: 'Write s3://bucket/prefix, with one folder per label below the prefix.',
  },
  BUCKET_CREDENTIALS_MISSING: {
    status: 400,
    when: 'a bucket is read and the environment has no credentials',
    message: '{place}: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set.',
    remedy:
      'Set both where "mitate worker", "mitate up" or "mitate run" starts; for storage other than AWS also set AWS_ENDPOINT_URL. For a profile or role, "aws configure export-credentials --format env" prints them.',
  },
  BUCKET_UNKNOWN: {
    status: 404,
    when: 'the bucket does not exist',
    message: '{place}: the bucket does not exist at {endpoint}.',
    remedy: 'Check the bucket name and AWS_ENDPOINT_URL (the default is AWS).',
  },
  BUCKET_DENIED: {
    status: 400,
    when: 'the storage denies listing or reading a bucket',
    message: '{place}: access denied with {status} {code}: {reason}',
    remedy:
      'Grant the credentials s3:ListBucket on the bucket and s3:GetObject on its objects. Also check AWS_REGION, the system clock, and whether a session token has expired.',
  },
  BUCKET_REGION: {
    status: 400,
    when: 'a bucket is in another region than the configured one',
    message: '{place}: expected the bucket in region {region}, but it is in {actual}.',
    remedy: 'Set AWS_REGION={actual}.',
  },
  BUCKET_UNREACHABLE: {
    status: 502,
    when: 'the storage does not respond, or responds only with errors, after all retries',
    message: '{place}: {reason} (attempts: {tries}).',
    remedy: 'Check AWS_ENDPOINT_URL and the network, then run again: downloaded files are kept.',
  },
  BUCKET_ANSWER_INVALID: {
    status: 502,
    when: 'the response of a storage endpoint is not S3',
    message: '{place}: {reason}',
    remedy: 'Check AWS_ENDPOINT_URL: it must be the API of S3-compatible storage, not its console or a proxy.',
  },
  BUCKET_KEY_UNSAFE: {
    status: 400,
    when: 'an object key has "." or ".." as a path segment, which a URL cannot express',
    message: '{filename}: a key with "." or ".." as a path segment cannot be requested.',
    remedy: 'Copy the object to a key without that segment.',
  },
});
