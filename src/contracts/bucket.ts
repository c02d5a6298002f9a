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

/** Who asks Google Cloud. Never printed. */
export type GoogleCredentials =
  | { kind: 'service-account'; email: string; keyId: string; privateKey: string; tokenUrl: string }
  /** Of `gcloud auth application-default login`. */
  | { kind: 'user'; clientId: string; clientSecret: string; refreshToken: string; tokenUrl: string }
  /** The machine's or the Kubernetes service account's, by its metadata server. */
  | { kind: 'metadata'; origin: string }
  /** An emulator's. */
  | { kind: 'none' };

export interface GoogleAccess {
  readonly credentials: GoogleCredentials;
  /** Origin of Cloud Storage. */
  readonly storage: string;
}
