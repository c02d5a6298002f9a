import type { ArtifactStore } from '../../store/artifacts/artifacts.ts';
import type { Store } from '../../store/store.ts';
import type { Listener } from '../events.ts';
import type { StepSummary } from '../summary.ts';
import type { RunStep } from './frame.ts';

/** One step of a pipeline whose other steps run elsewhere. */
export interface PartOfRun {
  step: string;
  /** Where its outputs go. */
  artifacts: ArtifactStore;
  /** What is run in its place. */
  prepare(step: RunStep): RunStep;
  /** The steps that it reads, as ended, by name. Called once the run is recorded. */
  before(runId: string, step: RunStep): Promise<ReadonlyMap<string, StepSummary>>;
}

export interface RunOptions {
  store: Store;
  /** Default: a new id. */
  id?: string;
  /** Absolute path of the workspace's folder. */
  workspace: string;
  /** Pipeline parameters; strings are parsed as the parameter's type (`"3"` as 3). */
  parameters?: Record<string, unknown>;
  /** Unsigned 32-bit. Default: the pipeline's. */
  seed?: number;
  processes: number;
  /** Steps that run at once. Default 2. */
  maxParallel?: number;
  /** Cancels the run; every step gets it. */
  signal?: AbortSignal;
  onEvent?: Listener;
  /** Absolute path of the pipeline file, recorded for `runs retry`; defaults of `uri` parameters are resolved against its folder. */
  source?: string;
  /** Relative `uri` parameters are resolved against it. Default: the working folder. */
  cwd?: string;
  /** `demand` (default), `retry`, ... */
  trigger?: string;
  /** Name of the experiment that it belongs to, and a note, for `runs list` and `runs compare`. */
  experiment?: string | undefined;
  note?: string | undefined;
  /** Who requested it. Default: `user@host` of this process. */
  who?: string;
  /** Runs this step alone. Default: the whole pipeline. */
  part?: PartOfRun;
  /** Of what is recorded. Default: the system's. */
  now?: () => Date;
}
