import type { Store } from '../../store/store.ts';
import type { Listener } from '../events.ts';

export interface RunOptions {
  store: Store;
  /** Default: a new one. */
  id?: string;
  /** Absolute path of the workspace's folder. */
  workspace: string;
  /** Pipeline parameters; texts are read as the parameter's type (`"3"` as 3). */
  parameters?: Record<string, unknown>;
  /** Unsigned 32-bit. Default: the pipeline's. */
  seed?: number;
  /** Inference processes that a step may start. */
  processes: number;
  /** Steps at work at one time. Default 2. */
  maxParallel?: number;
  /** Aborted = wind down; every step gets it. */
  signal?: AbortSignal;
  onEvent?: Listener;
  /** Absolute path of the pipeline file, recorded for `runs retry`; defaults of `uri` parameters count from its folder. */
  source?: string;
  /** Relative `uri` parameters count from here. Default: the working folder. */
  cwd?: string;
  /** `demand` (default), `retry`, ... */
  trigger?: string;
  /** Who asked for it. Default: `user@host` of this process. */
  who?: string;
}
