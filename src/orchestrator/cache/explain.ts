/** One part of a cache key that differs from the step's execution before. */
export interface KeyChange {
  /** `component`, `parameter.<name>`, `input.<key>`, `fingerprint`, `seed`. */
  part: string;
  /** Null = was not part of the key. */
  before: string | null;
  after: string | null;
}
