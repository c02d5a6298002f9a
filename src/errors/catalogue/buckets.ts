import { defineErrors } from '../define-errors.ts';

export const bucketErrors = defineErrors({
  BUCKET_PLACE_INVALID: {
    status: 400,
    when: 'an s3:// or gs:// location is malformed',
    message: '"{place}" is not a valid bucket location: {reason}',
    remedy: 'Write s3://bucket/prefix or, for artifacts, gs://bucket/prefix.',
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
    remedy: 'Check the bucket name and AWS_ENDPOINT_URL (the default is AWS), for gs:// STORAGE_EMULATOR_HOST.',
  },
  BUCKET_DENIED: {
    status: 400,
    when: 'the storage denies a request to a bucket',
    message: '{place}: access denied with {status} {code}: {reason}',
    remedy:
      'Grant the credentials s3:ListBucket on the bucket and s3:GetObject on its objects (for artifacts also s3:PutObject and s3:DeleteObject), or the role "Storage Object User" for gs://. Also check AWS_REGION, the system clock, and whether a session token has expired.',
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
    remedy:
      'Check the endpoint of the storage (AWS_ENDPOINT_URL) and the network, then run again: downloaded files are kept.',
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
  BUCKET_OBJECT_TOO_LARGE: {
    status: 413,
    when: 'a file of an artifact is larger than storage takes in one request',
    message: '{place}: the file is larger than {limitBytes} bytes, the most that storage takes in one request.',
    remedy: 'Split the data: the ExampleGen writes a photo set as shards.',
  },
  BUCKET_CLOCK_WRONG: {
    status: 400,
    when: 'the storage refuses a request because the clock of this machine is wrong',
    message: '{place}: the clock of this machine differs by {minutes} minutes from that of the storage.',
    remedy: 'Set the clock (NTP), then run again.',
  },
  BUCKET_OVERWRITES: {
    status: 409,
    when: 'storage replaces an object that was to be created only if there is none',
    message: '{place}: the storage ignores conditions of writing, so that two writers could mix their artifacts.',
    remedy:
      'Use storage whose writes keep If-None-Match, such as AWS, or Google Cloud Storage by gs://; or mount the bucket and leave out --artifacts direct.',
  },
  GOOGLE_CREDENTIALS_MISSING: {
    status: 400,
    when: 'a gs:// location is used and there are no credentials for it',
    message:
      'There are no credentials for Google Cloud: no GOOGLE_APPLICATION_CREDENTIALS, and no metadata server at {origin}.',
    remedy:
      'On Google Cloud, give the machine or the Kubernetes service account an account. Elsewhere set GOOGLE_APPLICATION_CREDENTIALS to a key file, or run "gcloud auth application-default login".',
  },
  GOOGLE_CREDENTIALS_INVALID: {
    status: 400,
    when: 'the key file of a Google account cannot be read',
    message: 'The Google credentials at {path} cannot be used: {reason}',
    remedy:
      'Name the JSON key of a service account, or the file that "gcloud auth application-default login" writes. Federated identities (external_account) are not supported outside of Google Cloud.',
  },
  GOOGLE_CREDENTIALS_REFUSED: {
    status: 400,
    when: 'Google gives no access token for the credentials',
    message: 'No access token from {origin}: {reason}',
    remedy: 'Check that the account and its key still exist and are enabled; log in again if it is a user.',
  },
});
