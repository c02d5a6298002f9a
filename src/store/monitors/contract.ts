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
  /** Only later ones than this `seq`. */
  after?: number;
  /** Only earlier ones than this `seq`: for pages. */
  before?: number;
  /** Only of windows that ended at or after it. */
  from?: Date;
  limit?: number;
}

/** Which statistics without a change: of a reference (a digest), a kind with its parameters, and a window size. */
export interface NullKey {
  reference: string;
  kind: MonitorKind;
  parameters: string;
  size: number;
}

/** Which rows of the request log a check reads; shadows never. */
export interface WindowFilter {
  endpoint: string;
  start: Date;
  end: Date;
  /** Only what this version answered. */
  model?: { name: string; version: number } | undefined;
  slice?: NonNullable<Monitor['slice']> | undefined;
  /** Only those that were labelled, or for which a heat map was drawn. */
  only?: 'labelled' | 'explained' | undefined;
}

/** Observations of a window; when it has more than was asked for, a sample that does not depend on who asks. */
export interface WindowRead {
  observations: Observation[];
  /** Rows of the window. */
  total: number;
}

/** Monitors of the store's project, and what they found. */
export interface MonitorStore {
  /** @throws MONITOR_EXISTS */
  createMonitor(monitor: Monitor, made: { who: string; at: Date }): Promise<StoredMonitor>;
  /** Adds those whose name was never taken, not even by a removed one. @returns their names */
  addMissing(monitors: readonly Monitor[], made: { who: string; at: Date }): Promise<string[]>;
  /** @throws MONITOR_UNKNOWN */
  setMonitor(name: string, change: Pick<Monitor, 'isEnabled'>): Promise<StoredMonitor>;
  /** Its results stay. @throws MONITOR_UNKNOWN */
  removeMonitor(name: string, at: Date): Promise<void>;
  getMonitor(name: string): Promise<StoredMonitor | null>;
  /** By name. */
  listMonitors(filter?: { endpoint?: string }): Promise<StoredMonitor[]>;
  /** @returns null when this window has a result: the first one stays */
  addResult(result: Omit<MonitorResult, 'seq'>): Promise<MonitorResult | null>;
  /** Newest first. */
  listResults(filter?: ResultFilter): Promise<MonitorResult[]>;
  /** The newest of each monitor that is there; by name. */
  latestResults(): Promise<MonitorResult[]>;

  /** Sorted. */
  getNull(key: NullKey): Promise<Float64Array | null>;
  /** In place of what was kept. */
  putNull(key: NullKey, statistics: Float64Array, at: Date): Promise<void>;

  /** Exact, however large the window. @param above scores that count as positive */
  countWindow(filter: WindowFilter, above: number): Promise<WindowCounts>;
  /** In order of arrival, without truths and events; `most` bounds the memory. Read in parts, so that the database stays responsive. */
  readWindow(filter: WindowFilter, most: number): Promise<WindowRead>;
  /** The window of the first `count` requests since `start`; null while there are fewer. */
  windowOfCount(filter: Omit<WindowFilter, 'end'>, count: number): Promise<MonitorWindow | null>;
  /** The window of the newest `count` requests until `end`; of fewer, all. Null when there is none. */
  newestWindow(filter: Omit<WindowFilter, 'start'>, count: number): Promise<MonitorWindow | null>;
}
