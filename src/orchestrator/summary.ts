import type { Artifact } from '../contracts/artifact.ts';
import type { DeploymentPlan } from '../contracts/endpoint.ts';
import type { ExecutionState, Explanation, RunState, StoredError } from '../contracts/run.ts';

export interface StepSummary {
  name: string;
  component: string;
  state: ExecutionState;
  /** Wall-clock time of all attempts. */
  seconds: number;
  /** One line from the component. */
  summary: string | null;
  /** Output key -> artifact; an absent optional output has no entry. */
  artifacts: Record<string, Artifact>;
  attempts: number;
  explanation: Explanation | null;
  error: StoredError | null;
}

/** A model version that a Pusher step registered. */
export interface PushedVersion {
  step: string;
  modelName: string;
  version: number;
  endpoint: string | null;
  /** Live deployments of the endpoint after the run: pushing a later version does not move traffic. */
  deployments: DeploymentPlan[];
  /** Of the promotion that the push started. */
  promotion: string | null;
}

export interface RunSummary {
  runId: string;
  pipeline: string;
  state: Exclude<RunState, 'running'>;
  seconds: number;
  steps: StepSummary[];
  /** Whether every blessing of the run is positive; null = it has none. */
  blessed: boolean | null;
  pushed: PushedVersion[];
  /** Of the first failed step. */
  error: StoredError | null;
}
