/** Something that happened and may fire a trigger, once. */
export interface Occasion {
  /** `schedule:<moment>`, `alert:<id>`, ...: unique within the trigger. */
  key: string;
  why: string;
  evidence: Readonly<Record<string, unknown>>;
  /** When a limit keeps it from firing: `held` until the limit is over, or `skipped` for good. */
  otherwise: 'held' | 'skipped';
  /** Keys of older ones that this one answers for. */
  covers: readonly string[];
}
