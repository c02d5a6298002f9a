import type { EventKey } from '../../contracts/loop/event-key.ts';

/** Something that happened and can fire a trigger, once. */
export interface TriggerEvent {
  key: EventKey;
  why: string;
  evidence: Readonly<Record<string, unknown>>;
  /** When a limit prevents it: `held` until the limit allows it, or `skipped` for good. */
  otherwise: 'held' | 'skipped';
  /** Keys of older events that this one replaces. */
  covers: readonly EventKey[];
}
