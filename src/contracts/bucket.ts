/** Where buckets are, and who asks. */
export interface BucketAccess {
  /** Origin of S3-compatible storage; null = AWS itself. */
  readonly endpoint: string | null;
  readonly region: string;
  /** Null = there are none; never printed. */
  readonly credentials: BucketCredentials | null;
}

export interface BucketCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of credentials that expire; null = they do not. */
  readonly sessionToken: string | null;
}

/** Of `s3://bucket/prefix`, and not of a path on this machine. */
export const isBucket = (place: string): boolean => /^s3:\/\//i.test(place);
