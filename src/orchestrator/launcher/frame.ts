import type { Artifact } from '../../contracts/artifact.ts';
import type { ComponentModule } from '../../contracts/component.ts';
import type { ArtifactStore } from '../../store/artifacts/artifacts.ts';
import type { Store } from '../../store/store.ts';
import type { Workspace } from '../../store/workspace/workspace.ts';
import type { PipelineDefinition, StepDefinition } from '../define/definition.ts';
import type { AnyComponent } from '../define/step.ts';
import type { Listener } from '../events.ts';
import type { ParameterValues } from '../lint/parameters.ts';
import type { StepLog } from './step-log.ts';

/** What all steps of a run share. */
export interface RunFrame {
  runId: string;
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
  now: () => Date;
  /** Cache key parts of each step's last successful execution, by step. */
  before: ReadonlyMap<string, Record<string, string>>;
}

export interface RunStep {
  name: string;
  component: AnyComponent;
  definition: StepDefinition;
}

/** Input key -> artifact; undefined = absent. */
export type InputArtifacts = Record<string, Artifact | undefined>;

export interface ReadyStep {
  step: RunStep;
  load: () => Promise<ComponentModule>;
  inputs: InputArtifacts;
  parameters: Record<string, unknown>;
  keyParts: Record<string, string>;
  /** Null = not cacheable. */
  cacheKey: string | null;
  log: StepLog;
}
