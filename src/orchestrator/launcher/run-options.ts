import type { Store } from '../../store/store.ts';
import type { Listener } from '../events.ts';

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
  /** Of what is recorded. Default: the system's. */
  now?: () => Date;
}
