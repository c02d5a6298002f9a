import type { JournalPosition, LoggedRequest, RequestRecord } from '../../contracts/request-record.ts';

export interface RequestFilter {
  endpoint?: string;
  /** First moment, and the first one after. */
  from?: Date;
  to?: Date;
  role?: RequestRecord['role'];
  label?: string;
  imageSha256?: string;
  pixelsSha256?: string;
  idempotency?: { apiKeyId: string; key: string };
  httpRequestId?: string;
  /** `key` of the last one of the page before. */
  before?: number;
  limit?: number;
}

/** A month of the log; `from` null = what lies outside of all months. */
export interface RequestPartition {
  name: string;
  from: Date | null;
  to: Date | null;
}

export interface Tombstone {
  /** sha256 of `<project>/<photo's sha256 or request's id>`. */
  hash: string;
  kind: 'image' | 'request';
  at: Date;
  who: string;
  why: string;
}

/** The request log (`fact_requests`) of the store's project; what says so is over all projects. */
export interface RequestStore {
  /**
   * Adds records that are not there yet and moves the journal's position, in one transaction; over all projects. What was erased stays erased:
   * records from before their tombstone are left out, later ones of an erased photo come without it.
   * @param rows JSON text of `RequestRecord & { imageKept: boolean }` each, as the journal holds it
   * @returns the photos of these rows that were erased: they are not to be stored
   */
  ingest(
    source: string,
    rows: readonly string[],
    position: JournalPosition,
  ): Promise<{ project: string; image: string }[]>;
  journalPosition(source: string): Promise<JournalPosition | null>;
  /** What was ingested survives a power cut after it. 20-200 ms with the embedded database, nothing with a server. */
  makeDurable(): Promise<void>;

  /** Newest first. */
  listRequests(filter?: RequestFilter): Promise<LoggedRequest[]>;
  getRequest(publicId: string): Promise<LoggedRequest | null>;
  /** Oldest first, in pages, for export and monitors: memory stays flat. */
  scanRequests(filter?: Omit<RequestFilter, 'before' | 'limit'>): AsyncIterable<LoggedRequest[]>;

  /** Over all projects: months from the one of `at` to two later have a partition of their own. */
  makePartitions(at: Date): Promise<void>;
  /** Over all projects; oldest first. */
  listPartitions(): Promise<RequestPartition[]>;
  /** Over all projects. */
  dropPartition(name: string): Promise<void>;

  /**
   * Kept photos whose every request is from before its endpoint's limit.
   * @param limits null = this endpoint keeps photos for ever
   * @param otherwise of endpoints that are not named, as deleted ones
   */
  expiredImages(limits: ReadonlyMap<string, Date | null>, otherwise: Date): Promise<string[]>;
  /** The photos are no longer kept. */
  forgetImages(sha256: readonly string[]): Promise<void>;
  /** Deletes rows (of requests: their shadows' too) and leaves tombstones, in one transaction. @returns rows deleted */
  eraseRequests(
    what: { publicIds: readonly string[]; images: readonly string[] },
    change: { who: string; why: string },
  ): Promise<number>;
  listTombstones(): Promise<Tombstone[]>;
}
