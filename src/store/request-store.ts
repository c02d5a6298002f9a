import type { RequestRecord } from '../contracts/request-record.ts';

/** A logged request as it is read back. */
export interface LoggedRequest extends Omit<RequestRecord, 'loggingTime' | 'projection' | 'embedding' | 'response'> {
  /** The star schema's bigint key. */
  key: number;
  loggingTime: Date;
  response: Record<string, unknown> | null;
  imageKept: boolean;
  /** 64 float16 as float32. */
  projection: Float32Array | null;
  embedding: Float32Array | null;
}

export interface RequestFilter {
  endpoint?: string;
  from?: Date;
  to?: Date;
  role?: RequestRecord['role'];
  label?: string;
  imageSha256?: string;
  idempotency?: { apiKeyId: string; key: string };
  httpRequestId?: string;
  /** `key` of the last one of the page before. */
  before?: number;
  limit?: number;
}

export interface JournalPosition {
  segment: number;
  offset: number;
}

/** The request log (`fact_requests`) of the store's project; `ingest` and partitions are over all projects. */
export interface RequestStore {
  /** Adds records that are not there yet and moves the journal's position, in one transaction. */
  ingest(
    source: string,
    records: readonly { record: RequestRecord; imageKept: boolean }[],
    position: JournalPosition,
  ): Promise<void>;
  journalPosition(source: string): Promise<JournalPosition | null>;
  /** Newest first. */
  listRequests(filter?: RequestFilter): Promise<LoggedRequest[]>;
  getRequest(publicId: string): Promise<LoggedRequest | null>;
  /** Oldest first, in pages, for export and monitors: memory stays flat. */
  scanRequests(filter?: Omit<RequestFilter, 'before' | 'limit'>): AsyncIterable<LoggedRequest[]>;
}
