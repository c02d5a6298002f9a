/** One measured line of the table. */
export interface Figure {
  what: string;
  /** As people read it: `41 s`, `0.9993 (0.9987 - 0.9997)`. */
  got: string;
  toReach: string;
  /** null = nothing was to be reached; the number informs. */
  met: boolean | null;
  /** What the same machine gives at best, measured in this run. */
  ceiling?: string;
  note?: string;
}

export interface BenchContext {
  /** Folder with `plantvillage/` and `beans/`; null = only drawn leaves. */
  data: string | null;
  /** Fresh temporary folder of this bench, removed afterwards. */
  scratch: string;
  log(text: string): void;
}

export interface Bench {
  name: string;
  about: string;
  run(context: BenchContext): Promise<Figure[]>;
}
