import type { JournalPosition, LoggedRequest, QualityHint, RequestRecord } from '../../contracts/request-record.ts';

export interface RequestFilter {
  endpoint?: string;
  /** [from, to). */
  from?: Date;
  to?: Date;
  role?: RequestRecord['role'];
  label?: string;
  imageSha256?: string;
  pixelsSha256?: string;
  idempotency?: { apiKeyId: string; key: string };
  httpRequestId?: string;
  subject?: string;
  modelVersion?: number;
  uncertain?: boolean;
  outOfDistribution?: boolean;
  /** A hint, or any. */
  quality?: QualityHint | 'any';
  /** A code, or any. */
  error?: string;
  /** P(positive), else the probability of the label: [min, max]. */
  minScore?: number;
  maxScore?: number;
  /** By the label or verdict that counts; none = it has neither. */
  verdict?: 'right' | 'wrong' | 'none';
  attribute?: { name: string; value: string };
  /** Only photos that got a response: no shadows, no failures. */
  answered?: true;
  /** `key` of the last request of the previous page. */
  before?: number;
  limit?: number;
}

/** A month of the log; `from` null = the partition for everything else. */
export interface RequestPartition {
  name: string;
  from: Date | null;
  to: Date | null;
}

interface Tombstone {
  /** sha256 of `<project>/<photo's sha256 or request's id>`. */
  hash: string;
  kind: 'image' | 'request';
  at: Date;
  who: string;
  why: string;
}

/** Audited changes: only available inside `store.audited`. */
export interface RequestChanges {
  /**
   * A stored photo stays at least until then; `given`: it is stored for this alone, and deleted after it. The caller stores it.
   * @returns false when the photo was erased: do not store it
   */
  holdImage(sha256: string, hold: { until: Date; given: boolean }): Promise<boolean>;
  /** Deletes rows (and the shadows of requests) and writes tombstones, in one transaction. @returns rows deleted */
  eraseRequests(
    what: { publicIds: readonly string[]; images: readonly string[] },
    change: { who: string; why: string },
  ): Promise<number>;
}

/** The request log (`fact_requests`) of the store's project; some methods are over all projects. */
export interface RequestStore extends RequestChanges {
  /**
   * Adds records that are not in the log yet and moves the journal's position, in one transaction; over all projects. Erased data stays
   * erased: records older than their tombstone are skipped; later records of an erased photo are added without the photo.
   * @param rows JSON text of `RequestRecord & { imageKept: boolean }` each, as in the journal
   * @returns the erased photos of these rows; do not store them
   */
  ingest(
    source: string,
    rows: readonly string[],
    position: JournalPosition,
  ): Promise<{ project: string; image: string }[]>;
  journalPosition(source: string): Promise<JournalPosition | null>;
  /** Ingested records survive a power cut after this. 20-200 ms with the embedded database, nothing with a server. */
  makeDurable(): Promise<void>;

  /** Newest first. */
  listRequests(filter?: RequestFilter): Promise<LoggedRequest[]>;
  /** Counting ends at `most`. */
  countRequests(filter: RequestFilter, most: number): Promise<number>;
  getRequest(publicId: string): Promise<LoggedRequest | null>;
  /** Oldest first, in pages, for export and monitors: constant memory. */
  scanRequests(filter?: Omit<RequestFilter, 'before' | 'limit'>): AsyncIterable<LoggedRequest[]>;

  /** Over all projects: creates the partitions of the month of `at` and the two after it. */
  makePartitions(at: Date): Promise<void>;
  /** Over all projects; oldest first. */
  listPartitions(): Promise<RequestPartition[]>;
  /** Over all projects. */
  dropPartition(name: string): Promise<void>;

  /**
   * Stored photos that nobody has a link to and whose every request is older than the limit of its endpoint.
   * @param limits null = no limit
   * @param otherwise for endpoints not in `limits`, such as deleted ones
   */
  expiredImages(limits: ReadonlyMap<string, Date | null>, otherwise: Date, now: Date): Promise<string[]>;
  /** Marks the photos as no longer stored. */
  forgetImages(sha256: readonly string[]): Promise<void>;
  /** Deleted rows lie in the table's pages until then. Not in a transaction. */
  vacuum(): Promise<void>;
  listTombstones(): Promise<Tombstone[]>;
}
