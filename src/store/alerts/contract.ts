import type {
  Alert,
  AlertState,
  Channel,
  Delivery,
  DeliveryState,
  StoredChannel,
  TimelineEntry,
} from '../../contracts/loop/alert.ts';

export type NewAlert = Omit<Alert, 'seq' | 'severity' | 'state' | 'resolvedAt' | 'silencedUntil'>;

/** What changes; `entry` is added to the timeline. */
export type AlertChange = Partial<
  Pick<
    Alert,
    'state' | 'lastSeenAt' | 'resultSeq' | 'windowStart' | 'windowEnd' | 'resolvedAt' | 'silencedUntil' | 'finding'
  >
> & { entry?: TimelineEntry };

export interface AlertFilter {
  states?: readonly AlertState[];
  endpoint?: string;
  monitor?: string;
  /** `seq` of the last one of the page before. */
  before?: number;
  limit?: number;
}

export type NewDelivery = Pick<Delivery, 'id' | 'channel' | 'news' | 'body'>;

export interface DeliveryFilter {
  state?: DeliveryState;
  alert?: string;
  channel?: string;
  limit?: number;
}

/** How an attempt ended. */
export type DeliveryOutcome =
  /** `error`: of those whom it did not reach, when it reached others. */
  | { state: 'delivered'; at: Date; error: string | null }
  | { state: 'waiting'; nextAt: Date; error: string }
  | { state: 'dead'; error: string };

/** Alerts of the store's project, where they are told, and what was told. */
export interface AlertStore {
  /** Newest first. */
  listAlerts(filter?: AlertFilter): Promise<Alert[]>;
  /** By its id, or by the name of the monitor whose alert is not resolved. */
  getAlert(idOrMonitor: string): Promise<Alert | null>;
  /** The newest of each monitor, by the monitor's name. */
  newestAlerts(): Promise<Map<string, Alert>>;
  /** Opens it and queues what is told of it, in one transaction. @returns null when the monitor has one that is not resolved */
  openAlert(alert: NewAlert, told: readonly NewDelivery[]): Promise<Alert | null>;
  /**
   * Changes it and queues what is told of it, in one transaction, if it still is as it was read.
   * @returns null when somebody else changed it meanwhile
   */
  changeAlert(read: Alert, change: AlertChange, told: readonly NewDelivery[], at: Date): Promise<Alert | null>;

  /** @throws CHANNEL_EXISTS */
  createChannel(name: string, definition: Channel, made: { who: string; at: Date }): Promise<StoredChannel>;
  getChannel(name: string): Promise<StoredChannel | null>;
  /** By name. */
  listChannels(): Promise<StoredChannel[]>;
  /** What waits for it becomes a dead letter. @throws CHANNEL_UNKNOWN */
  removeChannel(name: string): Promise<StoredChannel>;

  /** Newest first. */
  listDeliveries(filter?: DeliveryFilter): Promise<Delivery[]>;
  /**
   * Takes what is due: nobody else gets it until `leaseMs` later, when whoever took it is taken for dead. Counts as an attempt.
   */
  claimDeliveries(due: { now: Date; leaseMs: number; limit: number }): Promise<Delivery[]>;
  /** Says how the attempt that was claimed ended; without effect when another took it since. */
  finishDelivery(claimed: Delivery, outcome: DeliveryOutcome): Promise<void>;
  /** Dead letters wait again, with all their attempts: the one that is named, or those that no later message of their alert has overtaken. @returns how many */
  retryDead(filter: { channel?: string; id?: string }, at: Date): Promise<number>;
}
