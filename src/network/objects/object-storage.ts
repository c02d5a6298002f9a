/** Bytes `start` to `start + length - 1`. */
export interface ByteRange {
  start: number;
  length: number;
}

export interface NewObject {
  body: Blob;
  /** Of the body; lower-case hex. */
  sha256: string;
  /** Never replaces an object. */
  ifAbsent?: boolean;
}

/** Objects below one URI, which exist whole or not at all. Keys are relative to the URI, with forward slashes. */
export interface ObjectStorage {
  /** For messages. */
  readonly uri: string;
  /** Fewer bytes than asked for at the end of the object. Null = there is no such object. @throws BUCKET_*, GOOGLE_CREDENTIALS_*, CANCELLED */
  read(key: string, range?: ByteRange): Promise<Uint8Array | null>;
  /** False = `ifAbsent`, and there is one. @throws BUCKET_*, GOOGLE_CREDENTIALS_*, CANCELLED */
  write(key: string, object: NewObject): Promise<boolean>;
  /** Ignores a missing one. */
  remove(key: string): Promise<void>;
  /** Keys, in no order. */
  list(): AsyncIterable<string>;
}
