import type { Artifact } from '../contracts/artifact.ts';
import type { ExecutionState, RunState, StoredError } from '../contracts/run.ts';
import type { Explanation } from './cache/explain.ts';

/** How a step went. */
export interface StepSummary {
  name: string;
  component: string;
  state: ExecutionState;
  /** Wall clock, all attempts. */
  seconds: number;
  /** The component's own line for people. */
  summary: string | null;
  /** Output key -> artifact; an absent optional output has no entry. */
  artifacts: Record<string, Artifact>;
  attempts: number;
  explanation: Explanation | null;
  error: StoredError | null;
}

/** A model that a Pusher step registered. */
export interface PushedVersion {
  step: string;
  modelName: string;
  version: number;
  endpoint: string | null;
}

/** How a run went. */
export interface RunSummary {
  runId: string;
  pipeline: string;
  state: Exclude<RunState, 'running'>;
  seconds: number;
  steps: StepSummary[];
  /** True when every blessing of the run is positive; null = the run made none. */
  blessed: boolean | null;
  pushed: PushedVersion[];
  /** The first step's that failed. */
  error: StoredError | null;
}
