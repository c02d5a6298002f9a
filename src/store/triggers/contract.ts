import type { EventKey, EventKind } from '../../contracts/loop/event-key.ts';
import type {
  Firing,
  FiringHistory,
  FiringState,
  FolderMemory,
  StoredTrigger,
  Trigger,
  TriggerDecision,
} from '../../contracts/loop/trigger.ts';
import type { StoredError } from '../../contracts/run.ts';

export interface HistoryQuery {
  now: Date;
  /** Milliseconds before and after now. */
  reachMs: number;
  /** The endpoint whose labels count; null = all. */
  endpoint: string | null;
}

interface NewFiring {
  trigger: string;
  occasion: EventKey;
  who: string;
  /** Of the order, if it fires. */
  runId: string;
  /** Events that it also handles: they will not fire. */
  covers: readonly EventKey[];
}

/** Audited changes: only available inside `store.audited`. */
export interface TriggerChanges {
  /** @throws TRIGGER_EXISTS */
  createTrigger(
    trigger: Trigger,
    made: { who: string; at: Date; memory: FolderMemory | null; isConfined?: boolean },
  ): Promise<StoredTrigger>;
  /** Events during the time it was disabled are ignored. @throws TRIGGER_UNKNOWN */
  enableTrigger(name: string, isEnabled: boolean, at: Date): Promise<StoredTrigger>;
  /** Its firings are kept; held ones are closed. @throws TRIGGER_UNKNOWN */
  removeTrigger(name: string): Promise<void>;
  /** Records an event for the next tick, such as an API call. False = already recorded. */
  recordEvent(
    firing: Omit<NewFiring, 'runId' | 'covers'> & { at: Date; why: string; evidence: Record<string, unknown> },
  ): Promise<boolean>;
}

/** Triggers of the store's project, and their firings. */
export interface TriggerStore extends TriggerChanges {
  getTrigger(name: string): Promise<StoredTrigger | null>;
  /** By name. */
  listTriggers(): Promise<StoredTrigger[]>;
  /** @param expected no effect if the memory has changed since; absent = unconditional */
  rememberFolder(name: string, memory: FolderMemory, expected?: FolderMemory | null): Promise<void>;

  /**
   * Decides about an event with the trigger locked, and records the decision: of any number of workers one fires it.
   * @param otherwise state of the firing if the decision is not to fire
   * @returns null when the event already fired or was skipped, or the trigger is disabled or removed
   */
  decideFiring(
    firing: NewFiring,
    query: HistoryQuery,
    otherwise: 'held' | 'skipped',
    decide: (history: FiringHistory) => TriggerDecision,
  ): Promise<Firing | null>;
  /** Skips held events that ended before they could fire. */
  closeHeld(trigger: string, events: readonly EventKey[], why: string): Promise<void>;
  /** Fired, but possibly not queued because the process died in between. Oldest first. */
  unqueued(): Promise<Firing[]>;
  /** @param evidence added to the existing one */
  markQueued(seq: number, at: Date, evidence: Readonly<Record<string, unknown>>): Promise<void>;
  /** Why its run could not be queued (no effect if another process queued it) or could not start. */
  noteFailure(runId: string, doing: 'queue' | 'begin', error: StoredError): Promise<void>;
  /** Newest first. */
  listFirings(filter?: {
    trigger?: string;
    state?: FiringState;
    occasion?: EventKey;
    kind?: EventKind;
    /** `seq` of the last firing of the previous page. */
    before?: number;
    limit?: number;
  }): Promise<Firing[]>;
  /** Times of the first label of photos, in order, for dry runs; those of strangers and those in dispute do not count. */
  labelMoments(filter: { endpoint: string | null; from: Date; to: Date }): Promise<Date[]>;
}
