import type {
  Monitor,
  MonitorKind,
  MonitorResult,
  MonitorWindow,
  Observation,
  StoredMonitor,
  WindowCounts,
} from '../../contracts/loop/monitor.ts';

export interface ResultFilter {
  monitor?: string;
  endpoint?: string;
  /** Only results after this `seq`. */
  after?: number;
  /** Only results before this `seq`, for pages. */
  before?: number;
  /** Only windows that ended then or later. */
  from?: Date;
  limit?: number;
}

/** Key of a null distribution: a reference (its digest), a kind with its parameters, and a window size. */
export interface NullKey {
  reference: string;
  kind: MonitorKind;
  parameters: string;
  size: number;
}

/** The rows of the request log that a check reads; never shadows. */
export interface WindowFilter {
  endpoint: string;
  start: Date;
  end: Date;
  /** Only predictions of this version. */
  model?: { name: string; version: number } | undefined;
  slice?: NonNullable<Monitor['slice']> | undefined;
  /** Only those with a label, or with a heat map. */
  only?: 'labelled' | 'explained' | undefined;
}

/** Observations of a window, sampled deterministically if there are more than requested. */
export interface WindowRead {
  observations: Observation[];
  /** Rows of the window. */
  total: number;
}

/** Audited changes: only available inside `store.audited`. */
export interface MonitorChanges {
  /** @throws MONITOR_EXISTS */
  createMonitor(monitor: Monitor, made: { who: string; at: Date }): Promise<StoredMonitor>;
  /** @throws MONITOR_UNKNOWN */
  setMonitor(name: string, change: Pick<Monitor, 'isEnabled'>): Promise<StoredMonitor>;
  /** Its results are kept. @throws MONITOR_UNKNOWN */
  removeMonitor(name: string, at: Date): Promise<void>;
}

/** Monitors of the store's project, and their results. */
export interface MonitorStore extends MonitorChanges {
  /** Adds monitors whose name was never used, not even by a removed one. @returns their names */
  addMissing(monitors: readonly Monitor[], made: { who: string; at: Date }): Promise<string[]>;
  getMonitor(name: string): Promise<StoredMonitor | null>;
  /** By name. */
  listMonitors(filter?: { endpoint?: string }): Promise<StoredMonitor[]>;
  /** @returns null when this window already has a result, which is kept */
  addResult(result: Omit<MonitorResult, 'seq'>): Promise<MonitorResult | null>;
  /** Newest first. */
  listResults(filter?: ResultFilter): Promise<MonitorResult[]>;
  /** The newest result of each existing monitor; by name. */
  latestResults(): Promise<MonitorResult[]>;

  /** Sorted. */
  getNull(key: NullKey): Promise<Float64Array | null>;
  /** Replaces the stored ones. */
  putNull(key: NullKey, statistics: Float64Array, at: Date): Promise<void>;

  /** Exact for a window of any size. @param above scores that count as positive */
  countWindow(filter: WindowFilter, above: number): Promise<WindowCounts>;
  /** In order of arrival, without truths and events; `most` bounds the memory. Reads in parts, so that the database stays responsive. */
  readWindow(filter: WindowFilter, most: number): Promise<WindowRead>;
  /** The window of the first `count` requests since `start`; null if there are fewer. */
  windowOfCount(filter: Omit<WindowFilter, 'end'>, count: number): Promise<MonitorWindow | null>;
  /** The window of the newest `count` requests before `end`, or of all if there are fewer. Null without any. */
  newestWindow(filter: Omit<WindowFilter, 'start'>, count: number): Promise<MonitorWindow | null>;
}
