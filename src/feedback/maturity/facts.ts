import type { StoredArtifact } from '../../contracts/artifact.ts';
import type { Blessing } from '../../contracts/artifacts/blessing.ts';
import type { Evaluation } from '../../contracts/artifacts/evaluation.ts';
import type { Signature } from '../../contracts/artifacts/signature.ts';
import type { EndpointEvent } from '../../contracts/endpoint.ts';
import type { MonitorResult, StoredMonitor } from '../../contracts/loop/monitor.ts';
import type { Promotion } from '../../contracts/loop/promotion.ts';
import type { Firing, StoredTrigger } from '../../contracts/loop/trigger.ts';
import type { ModelVersion } from '../../contracts/model.ts';
import type { Proof, Release, ReleaseStart } from '../../contracts/release.ts';
import type { ExecutionRecord, RunRecord } from '../../contracts/run.ts';

export interface StepFacts {
  execution: ExecutionRecord;
  inputs: { key: string; artifact: StoredArtifact }[];
  outputs: { key: string; artifact: StoredArtifact }[];
}

/** A run with the content of its artifacts; null = missing or unreadable. */
export interface RunFacts {
  run: RunRecord;
  steps: StepFacts[];
  evaluation: Evaluation | null;
  blessing: Blessing | null;
  infraBlessing: Blessing | null;
  signature: Signature | null;
  /** Number of its artifacts whose files are gone, or have another size than when they were published. */
  lost: number;
}

/** A step that a successful run took from a run that had failed. */
export interface Resumed {
  step: string;
  runId: string;
  failedRunId: string;
}

/** A version that its run or a promotion deployed, and that run. */
export interface Delivery {
  version: ModelVersion;
  how: string;
  run: RunFacts;
}

/** Content of the store that the checks use; lists are newest first. */
export interface Facts {
  now: Date;
  /** When a worker last completed the minute's work; null = never. */
  lastTickAt: Date | null;
  /** Newest 500. */
  runs: RunRecord[];
  /** Ids of runs that made a model themselves, instead of taking it from the cache. */
  trained: ReadonlySet<string>;
  /** The newest successful run of a pipeline that has a model. */
  training: RunFacts | null;
  resumed: Resumed | null;
  versions: ModelVersion[];
  delivery: Delivery | null;
  /** Names of those that exist. */
  endpoints: string[];
  endpointEvents: EndpointEvent[];
  /** Of the newest 100 requests that clients sent: with an answer, and with a status of 500 or above. */
  answers: { answered: number; failed: number };
  monitors: StoredMonitor[];
  results: MonitorResult[];
  triggers: StoredTrigger[];
  firings: Firing[];
  promotions: Promotion[];
  releases: Release[];
  starts: (ReleaseStart & { isSameDefinition: boolean | null })[];
  proofs: Proof[];
}
