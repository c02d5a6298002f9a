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
  /** Milliseconds on either side of now. */
  reachMs: number;
  /** Of the endpoint whose labels count; null = all. */
  endpoint: string | null;
}

export interface NewFiring {
  trigger: string;
  occasion: EventKey;
  who: string;
  /** Of the order, if it fires. */
  runId: string;
  /** Events that it answers for: they never fire then. */
  covers: readonly EventKey[];
}

/** Triggers of the store's project, and when they fired. */
export interface TriggerStore {
  /** @throws TRIGGER_EXISTS */
  createTrigger(trigger: Trigger, made: { who: string; at: Date; memory: FolderMemory | null }): Promise<StoredTrigger>;
  /** What happened while it was off stays unanswered. @throws TRIGGER_UNKNOWN */
  enableTrigger(name: string, isEnabled: boolean, at: Date): Promise<StoredTrigger>;
  /** What it fired stays on record; what was held is over. @throws TRIGGER_UNKNOWN */
  removeTrigger(name: string): Promise<void>;
  getTrigger(name: string): Promise<StoredTrigger | null>;
  /** By name. */
  listTriggers(): Promise<StoredTrigger[]>;
  /** @param expected without effect when something else is remembered by now; absent = whatever is */
  rememberFolder(name: string, memory: FolderMemory, expected?: FolderMemory | null): Promise<void>;

  /**
   * Decides about an event with the trigger locked, and records the decision: of any number of workers one fires it.
   * @param otherwise what it becomes when the decision is not to fire
   * @returns null when the event was fired or skipped before, or the trigger is gone or off
   */
  decideFiring(
    firing: NewFiring,
    query: HistoryQuery,
    otherwise: 'held' | 'skipped',
    decide: (history: FiringHistory) => TriggerDecision,
  ): Promise<Firing | null>;
  /** Something that the tick is to look at: a call of the API. False: it is there already. */
  recordEvent(
    firing: Omit<NewFiring, 'runId' | 'covers'> & { at: Date; why: string; evidence: Record<string, unknown> },
  ): Promise<boolean>;
  /** Skips held events that ended before they could fire. */
  closeHeld(trigger: string, events: readonly EventKey[], why: string): Promise<void>;
  /** Fired, but not known to be in the queue: the process that fired them may have died in between. Oldest first. */
  unqueued(): Promise<Firing[]>;
  /** @param evidence added to what is there */
  markQueued(seq: number, at: Date, evidence: Readonly<Record<string, unknown>>): Promise<void>;
  /** Why its run could not be queued (without effect when another process could), or could not begin. */
  noteFailure(runId: string, doing: 'queue' | 'begin', error: StoredError): Promise<void>;
  /** Newest first. */
  listFirings(filter?: {
    trigger?: string;
    state?: FiringState;
    occasion?: EventKey;
    kind?: EventKind;
    /** `seq` of the last one of the page before. */
    before?: number;
    limit?: number;
  }): Promise<Firing[]>;
  /** Moments at which requests got their first label, in order, for a look back. */
  labelMoments(filter: { endpoint: string | null; from: Date; to: Date }): Promise<Date[]>;
}
