import { defineErrors } from '../define-errors.ts';

export const bucketErrors = defineErrors({
  BUCKET_PLACE_INVALID: {
    status: 400,
    when: 'a place begins with s3:// and does not go on as one in a bucket does',
    message: '"{place}" is no place in a bucket: {reason}',
    remedy: 'Write s3://bucket/prefix; below the prefix lies one folder per label.',
  },
  BUCKET_CREDENTIALS_MISSING: {
    status: 400,
    when: 'a bucket is to be read, and the environment has no credentials',
    message: '{place}: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set.',
    remedy:
      'Set them where "mitate worker", "mitate up" or "mitate run" starts; for other storage than AWS also AWS_ENDPOINT_URL. Of a profile or a role, "aws configure export-credentials --format env" prints them.',
  },
  BUCKET_UNKNOWN: {
    status: 404,
    when: 'a bucket is read that does not exist',
    message: '{place}: there is no such bucket at {endpoint}.',
    remedy: 'Check its name, and AWS_ENDPOINT_URL: without it, AWS itself is asked.',
  },
  BUCKET_DENIED: {
    status: 400,
    when: 'the storage refuses to list or to read what lies in a bucket',
    message: '{place}: refused with {status} {code}: {reason}',
    remedy:
      'The credentials need s3:ListBucket on the bucket and s3:GetObject on what is in it. Look also at AWS_REGION, at the clock, and whether a session token has expired.',
  },
  BUCKET_REGION: {
    status: 400,
    when: 'a bucket lies in another region than the one that was asked',
    message: '{place}: the bucket is not in the region {region}, but in {actual}.',
    remedy: 'Set AWS_REGION={actual}.',
  },
  BUCKET_UNREACHABLE: {
    status: 502,
    when: 'the storage does not answer, or only with errors, however often it is asked',
    message: '{place}: {reason} (tries: {tries}).',
    remedy: 'Check AWS_ENDPOINT_URL and the network; what was downloaded is kept, so run again.',
  },
  BUCKET_ANSWER_INVALID: {
    status: 502,
    when: 'what answers for a bucket does not speak as S3 does',
    message: '{place}: {reason}',
    remedy: 'Check AWS_ENDPOINT_URL: it names the API of S3-compatible storage, not its console or a proxy before it.',
  },
  BUCKET_KEY_UNSAFE: {
    status: 400,
    when: 'an object has "." or ".." as a part of its key, which no URL can name',
    message: '{filename}: a key with "." or ".." as a part cannot be asked for.',
    remedy: 'Copy the object to a key without it.',
  },
});
