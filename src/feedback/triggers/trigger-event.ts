import type { EventKey } from '../../contracts/loop/event-key.ts';

/** Something that happened and may fire a trigger, once. */
export interface TriggerEvent {
  key: EventKey;
  why: string;
  evidence: Readonly<Record<string, unknown>>;
  /** When a limit keeps it from firing: `held` until the limit is over, or `skipped` for good. */
  otherwise: 'held' | 'skipped';
  /** Keys of older events that this one answers for. */
  covers: readonly EventKey[];
}
