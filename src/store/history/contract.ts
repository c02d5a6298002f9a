/** What grows with time and is neither traffic nor lineage. Rows before the moment go; null = all are kept. */
export interface HistoryBounds {
  /** Of monitor results and firings (the newest of each monitor and trigger stays), and of deliveries that are over. */
  events: Date | null;
  audit: Date | null;
  /** By the time of the request. */
  feedback: Date | null;
}

export interface HistoryStore {
  /** Deletes a batch, over all projects. @returns deleted rows; 0 = nothing is left to delete */
  expire(before: HistoryBounds): Promise<Record<HistoryTable, number>>;
}

export type HistoryTable = 'monitor_results' | 'firings' | 'deliveries' | 'audit_log' | 'feedback';
