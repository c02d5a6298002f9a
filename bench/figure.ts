/** One measured line of the table. */
export interface Figure {
  what: string;
  /** With unit: `41 s`, `0.9993 (0.9987 - 0.9997)`. */
  got: string;
  toReach: string;
  /** null = no target. */
  met: boolean | null;
  /** The upper bound on this machine, measured in the same run. */
  ceiling?: string;
  note?: string;
}

export interface BenchContext {
  /** Folder with `plantvillage/` and `beans/`; null = only drawn leaves. */
  data: string | null;
  /** Fresh temporary folder of this bench, removed afterwards. */
  scratch: string;
  log(text: string): void;
  options: BenchOptions;
}

export interface BenchOptions {
  /** Of a bench with several subjects: these alone. Empty = all. */
  only: readonly string[];
  /** A prepared workspace to use, and to keep: made when it is not there. Null = a new one each time. */
  workspace: string | null;
  /** Multiplies how long and how often is measured; 1 = what is recorded. */
  scale: number;
  /** Runs the command from src/ instead of dist/. */
  source: boolean;
  /** Folder for CPU profiles of the HTTP process. Null = none. */
  profile: string | null;
}

export interface Bench {
  name: string;
  about: string;
  run(context: BenchContext): Promise<Figure[]>;
}
