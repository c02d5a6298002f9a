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
  /** Number of its artifacts whose files are gone. */
  lost: number;
}

/** Content of the store that the checks use; lists are newest first. */
export interface Facts {
  /** Newest 500. */
  runs: RunRecord[];
  /** The newest successful run that trained a model. */
  training: RunFacts | null;
  /** The newest step of recent runs that came from the cache. */
  resumed: ExecutionRecord | null;
  versions: ModelVersion[];
  endpointEvents: EndpointEvent[];
  /** Requests with status 200 among the newest 100 of the log. */
  answered: number;
  monitors: StoredMonitor[];
  results: MonitorResult[];
  triggers: StoredTrigger[];
  firings: Firing[];
  promotions: Promotion[];
  releases: Release[];
  starts: (ReleaseStart & { isSameDefinition: boolean | null })[];
  proofs: Proof[];
}
