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

/** `entry` is added to the timeline. */
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
  /** `seq` of the last alert of the previous page. */
  before?: number;
  limit?: number;
}

export type NewDelivery = Pick<Delivery, 'id' | 'channel' | 'news' | 'body'>;

interface DeliveryFilter {
  state?: DeliveryState;
  alert?: string;
  channel?: string;
  limit?: number;
}

export type DeliveryOutcome =
  /** `error`: for recipients that were not reached, when others were. */
  | { state: 'delivered'; at: Date; error: string | null }
  | { state: 'waiting'; nextAt: Date; error: string }
  | { state: 'dead'; error: string };

/** Audited changes: only available inside `store.audited`. */
export interface AlertChanges {
  /** @throws CHANNEL_EXISTS */
  createChannel(name: string, definition: Channel, made: { who: string; at: Date }): Promise<StoredChannel>;
  /** Its waiting deliveries become dead letters. @throws CHANNEL_UNKNOWN */
  removeChannel(name: string): Promise<StoredChannel>;
  /** Queues dead letters again, with all their attempts: the given one, or all without a later message about their alert. @returns how many */
  retryDead(filter: { channel?: string; id?: string }, at: Date): Promise<number>;
}

/** Alerts, channels and deliveries of the store's project. */
export interface AlertStore extends AlertChanges {
  /** Newest first. */
  listAlerts(filter?: AlertFilter): Promise<Alert[]>;
  countUnresolved(): Promise<(Pick<Alert, 'endpoint' | 'kind' | 'state'> & { count: number })[]>;
  /** By id, or by the name of a monitor with an unresolved alert. */
  getAlert(idOrMonitor: string): Promise<Alert | null>;
  /** The newest alert of each monitor, by the monitor's name. */
  newestAlerts(): Promise<Map<string, Alert>>;
  /** Opens it and queues its deliveries, in one transaction. @returns null when the monitor has an unresolved alert */
  openAlert(alert: NewAlert, messages: readonly NewDelivery[]): Promise<Alert | null>;
  /**
   * Changes it and queues its deliveries, in one transaction, if it is still as it was read.
   * @returns null when someone else changed it meanwhile
   */
  changeAlert(read: Alert, change: AlertChange, messages: readonly NewDelivery[], at: Date): Promise<Alert | null>;
  getChannel(name: string): Promise<StoredChannel | null>;
  /** By name. */
  listChannels(): Promise<StoredChannel[]>;

  /** Newest first. */
  listDeliveries(filter?: DeliveryFilter): Promise<Delivery[]>;
  /** Dead letters. */
  countDead(): Promise<number>;
  /**
   * Claims due deliveries for `leaseMs`, after which the claimant counts as dead. Counts as an attempt.
   */
  claimDeliveries(due: { now: Date; leaseMs: number; limit: number }): Promise<Delivery[]>;
  /** Records the outcome of a claimed attempt; no effect if another process has claimed it since. */
  finishDelivery(claimed: Delivery, outcome: DeliveryOutcome): Promise<void>;
}
