import type { Artifact, Properties } from '../contracts/artifact.ts';
import type { Intent } from '../contracts/intent.ts';
import type { GoldenPhoto } from '../contracts/loop/golden.ts';

export type RunState = 'running' | 'succeeded' | 'failed' | 'cancelled';
export type ExecutionState = 'running' | 'succeeded' | 'cached' | 'failed' | 'cancelled' | 'skipped';

export interface StoredError {
  code: string;
  message: string;
  remedy: string;
}

export interface RunRecord {
  id: string;
  pipeline: string;
  state: RunState;
  parameters: Record<string, unknown>;
  seed: number;
  /** sha256 of the compiled definition. */
  definitionDigest: string;
  /** Absolute path of the pipeline file, for `runs retry`. */
  source: string | null;
  /** Over that file and those that it imports; null when there is no file. */
  codeDigest: string | null;
  gitCommit: string | null;
  /** user@host, and the process that works on it. */
  who: string;
  pid: number | null;
  trigger: string;
  cancelRequested: boolean;
  startedAt: Date;
  finishedAt: Date | null;
  error: StoredError | null;
}

export interface ExecutionRecord {
  id: string;
  runId: string;
  step: string;
  component: string;
  state: ExecutionState;
  cacheKey: string | null;
  /** What the key was made of, part by part, for `--explain`. */
  keyParts: Record<string, string>;
  attempt: number;
  startedAt: Date;
  finishedAt: Date | null;
  summary: string | null;
  /** The execution whose outputs were taken, for `cached`. */
  cachedFrom: string | null;
  error: StoredError | null;
}

export interface StoredArtifact extends Artifact {
  pipeline: string;
  step: string;
  /** Output key. */
  key: string;
  executionId: string;
  createdAt: Date;
  sizeBytes: number;
  /** Collected by gc: the row stays for lineage, the files are gone. */
  deletedAt: Date | null;
}

export interface ModelVersion {
  name: string;
  version: number;
  artifactId: string;
  artifactUri: string;
  artifactDigest: string;
  executionId: string;
  runId: string;
  blessed: boolean;
  metrics: Record<string, number>;
  createdAt: Date;
  /** Aliases that point here now. */
  aliases: string[];
}

/** One entry of an alias' append-only timeline. */
export interface AliasChange {
  name: string;
  alias: string;
  version: number | null;
  at: Date;
  who: string;
  why: string;
}

export interface Deployment {
  id: string;
  endpoint: string;
  modelName: string;
  version: number;
  role: 'stable' | 'canary' | 'shadow';
  /** Percent. */
  traffic: number;
  since: Date;
}

export interface PublishedOutput {
  id: string;
  key: string;
  type: Artifact['type'];
  uri: string;
  digest: string;
  sizeBytes: number;
  properties: Properties;
}

/** Everything that is remembered. Every method is one transaction. Lists are newest first. */
export interface Store extends AsyncDisposable {
  /** Whose rows these are. */
  readonly project: string;
  createRun(
    run: Omit<RunRecord, 'state' | 'finishedAt' | 'error' | 'cancelRequested' | 'codeDigest'> & {
      codeDigest?: string | null;
    },
  ): Promise<void>;
  finishRun(id: string, state: Exclude<RunState, 'running'>, error: StoredError | null): Promise<void>;
  requestCancel(id: string): Promise<boolean>;
  getRun(id: string): Promise<RunRecord | null>;
  /** `before`: id of the last one of the page before. */
  listRuns(filter?: { pipeline?: string; state?: RunState; before?: string; limit?: number }): Promise<RunRecord[]>;

  startExecution(
    execution: Omit<ExecutionRecord, 'state' | 'finishedAt' | 'summary' | 'cachedFrom' | 'error'>,
    inputs: { key: string; artifactId: string }[],
  ): Promise<void>;
  /**
   * Publishes the outputs, applies the intents and ends the execution, in one transaction; a second call with the same execution id
   * changes nothing and answers the same. `push-model` gives the version to the output's properties; the same model digest under the
   * same name is the same version.
   */
  completeExecution(
    id: string,
    outcome: { outputs: PublishedOutput[]; intents: Intent[]; summary: string | null; who: string },
  ): Promise<(Artifact & { key: string })[]>;
  /** An execution that needs no running: its outputs are those of `cachedFrom`. */
  recordCached(
    execution: Omit<ExecutionRecord, 'state' | 'finishedAt' | 'summary' | 'cachedFrom' | 'error'>,
    inputs: { key: string; artifactId: string }[],
    cachedFrom: string,
  ): Promise<void>;
  failExecution(id: string, state: 'failed' | 'cancelled' | 'skipped', error: StoredError | null): Promise<void>;
  getExecution(id: string): Promise<ExecutionRecord | null>;
  listExecutions(runId: string): Promise<ExecutionRecord[]>;
  /** Newest succeeded execution with this key whose outputs are all still live. */
  findCached(
    cacheKey: string,
  ): Promise<{ executionId: string; summary: string | null; outputs: StoredArtifact[] } | null>;
  /** Key parts of each step's newest execution that ended well, whatever its key, by step: to explain what a run does. */
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
    /** Id of the last one of the page before. */
    before?: string;
    limit?: number;
  }): Promise<StoredArtifact[]>;
  /** Artifacts that went into an execution, and that came out of it (of the original one when it was cached). */
  executionArtifacts(executionId: string): Promise<{
    inputs: { key: string; artifact: StoredArtifact }[];
    outputs: { key: string; artifact: StoredArtifact }[];
  }>;
  /** Executions that read the artifact. */
  consumers(artifactId: string): Promise<ExecutionRecord[]>;
  markDeleted(artifactIds: string[]): Promise<void>;
  /** Those of the photos (sha256) that were erased and are not to be taken in again. */
  erasedPhotos(photos: readonly string[]): Promise<ReadonlySet<string>>;
  /** Photos that never train, of all golden sets. */
  goldenPhotos(): Promise<GoldenPhoto[]>;

  listModels(): Promise<{ name: string; versions: number; champion: number | null; createdAt: Date }[]>;
  listVersions(name: string): Promise<ModelVersion[]>;
  /** `leaf-health`, `leaf-health@3`, `leaf-health@champion`; no selector = champion, else the newest. */
  findVersion(reference: string): Promise<ModelVersion | null>;
  /** Versions of one artifact become versions of another that has the same weights; endpoints that serve them say so on their timeline. */
  replaceModelArtifact(from: string, to: string, change: { who: string; why: string }): Promise<void>;
  /** Points alias (default `champion`) and, for the champion, the stable traffic of the endpoints that serve the model, in one transaction. */
  setAlias(change: { name: string; alias: string; version: number; who: string; why: string }): Promise<void>;
  aliasTimeline(name: string, alias?: string): Promise<AliasChange[]>;
  /** Which version the alias pointed to at that time. */
  aliasAt(name: string, alias: string, at: Date): Promise<number | null>;
  listDeployments(endpoint?: string): Promise<Deployment[]>;
}
