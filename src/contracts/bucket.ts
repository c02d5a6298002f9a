/** Endpoint and credentials of S3-compatible storage. */
export interface BucketAccess {
  /** Origin of S3-compatible storage; null = AWS. */
  readonly endpoint: string | null;
  readonly region: string;
  /** Null = none; never printed. */
  readonly credentials: BucketCredentials | null;
}

interface BucketCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Session token of temporary credentials; null = permanent credentials. */
  readonly sessionToken: string | null;
}

/** Whether it is `s3://bucket/prefix` instead of a local path. */
export const isBucket = (place: string): boolean => /^s3:\/\//i.test(place);
