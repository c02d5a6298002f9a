import type { ArtifactStore } from '../../store/artifacts/artifacts.ts';
import type { Store } from '../../store/store.ts';
import type { Workspace } from '../../store/workspace/workspace.ts';
import type { Pipeline } from '../define/define-pipeline.ts';
import type { PipelineDefinition, StepDefinition } from '../define/definition.ts';
import type { Step } from '../define/step.ts';
import type { Listener } from '../events.ts';
import type { ParameterValues } from '../lint/parameters.ts';
import type { StepSummary } from '../summary.ts';

/** What all steps of a run share. */
export interface RunFrame {
  runId: string;
  pipeline: Pipeline;
  definition: PipelineDefinition;
  values: ParameterValues;
  seed: number;
  store: Store;
  artifacts: ArtifactStore;
  workspace: Workspace;
  processes: number;
  /** Aborted when the run is cancelled. */
  signal: AbortSignal;
  emit: Listener;
  who: string;
  /** What each step's key was made of when it last ended well, by name. */
  before: Map<string, Record<string, string>>;
  /** Steps that have ended, by name. */
  ended: Map<string, StepSummary>;
}

/** One step of a run, as written and as compiled. */
export interface RunStep {
  step: Step;
  definition: StepDefinition;
}
