import type { Artifact, Properties, StoredArtifact } from '../../contracts/artifact.ts';
import type { Intent } from '../../contracts/intent.ts';
import type { ExecutionRecord, RunRecord, RunState, StepProgress, StoredError, Usage } from '../../contracts/run.ts';

type OptionalOfNew = 'codeDigest' | 'experiment' | 'note';

/** Of an execution that begins. */
export type NewExecution = Omit<
  ExecutionRecord,
  'state' | 'finishedAt' | 'summary' | 'cachedFrom' | 'error' | 'explanation' | 'progress' | 'usage'
> &
  Partial<Pick<ExecutionRecord, 'explanation'>>;

export interface PublishedOutput {
  id: string;
  key: string;
  type: Artifact['type'];
  uri: string;
  digest: string;
  sizeBytes: number;
  properties: Properties;
}

/** Audited changes: only available inside `store.audited`. */
export interface RunChanges {
  requestCancel(id: string): Promise<boolean>;
  /** Of a run in any state; what is absent stays. */
  describeRun(id: string, what: Partial<Pick<RunRecord, 'experiment' | 'note'>>): Promise<void>;
}

/** Runs, their executions and artifacts. Every method is one transaction. Lists are newest first. */
export interface RunStore extends RunChanges {
  createRun(
    run: Omit<RunRecord, 'state' | 'finishedAt' | 'error' | 'cancelRequested' | OptionalOfNew> &
      Partial<Pick<RunRecord, OptionalOfNew>>,
    /** The compiled pipeline, kept once for all runs of the same digest. */
    definition?: object,
  ): Promise<void>;
  /** Of a run; null for one of a version before 0.2. */
  getDefinition(definitionDigest: string): Promise<unknown>;
  /** The newest run of each pipeline, newest first. */
  latestRuns(): Promise<RunRecord[]>;
  finishRun(id: string, state: Exclude<RunState, 'running'>, error: StoredError | null): Promise<void>;
  getRun(id: string): Promise<RunRecord | null>;
  countRuns(): Promise<{ pipeline: string; state: RunState; count: number; lastFinishedAt: Date | null }[]>;
  /** `before`: id of the last run of the previous page. */
  listRuns(filter?: {
    pipeline?: string;
    state?: RunState;
    experiment?: string;
    before?: string;
    limit?: number;
  }): Promise<RunRecord[]>;

  startExecution(execution: NewExecution, inputs: { key: string; artifactId: string }[]): Promise<void>;
  /**
   * Publishes the outputs, applies the intents and ends the execution, in one transaction; a second call with the same execution id
   * changes nothing and returns the same. `push-model` adds the version to the output's properties; the same model digest under the same
   * name is the same version.
   */
  completeExecution(
    id: string,
    outcome: {
      outputs: PublishedOutput[];
      intents: Intent[];
      summary: string | null;
      who: string;
      usage?: Usage | null;
    },
  ): Promise<(Artifact & { key: string })[]>;
  /** An execution with the outputs of `cachedFrom`. */
  recordCached(
    execution: NewExecution,
    inputs: { key: string; artifactId: string }[],
    cachedFrom: string,
  ): Promise<void>;
  failExecution(
    id: string,
    state: 'failed' | 'cancelled' | 'skipped',
    error: StoredError | null,
    usage?: Usage | null,
  ): Promise<void>;
  /** Of a running execution; another is left as it is. */
  noteProgress(id: string, progress: StepProgress): Promise<void>;
  getExecution(id: string): Promise<ExecutionRecord | null>;
  /** Those that exist. */
  getExecutions(ids: readonly string[]): Promise<ExecutionRecord[]>;
  listExecutions(runId: string): Promise<ExecutionRecord[]>;
  /** Newest succeeded execution with this key whose outputs are all live. */
  findCached(
    cacheKey: string,
  ): Promise<{ executionId: string; summary: string | null; outputs: StoredArtifact[] } | null>;
  /** Key parts of the newest successful execution of each step, whatever its key, by step: for `--explain`. */
  previousKeyParts(pipeline: string, steps: readonly string[]): Promise<Map<string, ExecutionRecord['keyParts']>>;

  getArtifact(id: string): Promise<StoredArtifact | null>;
  listArtifacts(filter?: {
    pipeline?: string;
    component?: string;
    step?: string;
    key?: string;
    type?: Artifact['type'];
    runId?: string;
    live?: boolean;
    /** Id of the last artifact of the previous page. */
    before?: string;
    limit?: number;
  }): Promise<StoredArtifact[]>;
  /** Inputs and outputs of an execution (outputs of the original one if it was cached). */
  executionArtifacts(executionId: string): Promise<{
    inputs: { key: string; artifact: StoredArtifact }[];
    outputs: { key: string; artifact: StoredArtifact }[];
  }>;
  /** Executions that read the artifact. */
  consumers(artifactId: string): Promise<ExecutionRecord[]>;
  markDeleted(artifactIds: string[]): Promise<void>;
}
