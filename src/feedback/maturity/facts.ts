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

/** A run with what its steps left; null what is not there, or cannot be read any more. */
export interface RunFacts {
  run: RunRecord;
  steps: StepFacts[];
  evaluation: Evaluation | null;
  blessing: Blessing | null;
  infraBlessing: Blessing | null;
  signature: Signature | null;
  /** Artifacts of its steps whose files are not there any more. */
  lost: number;
}

/** What the store holds, as the checks look at it; lists are newest first. Nothing in it is a claim: all of it was left by work that was done. */
export interface Facts {
  /** Newest 500. */
  runs: RunRecord[];
  /** The newest good run that made a model. */
  training: RunFacts | null;
  /** The newest step, of any of the newest runs, that was taken from the cache. */
  resumed: ExecutionRecord | null;
  versions: ModelVersion[];
  endpointEvents: EndpointEvent[];
  /** Photos answered with 200 among the newest 100 of the log. */
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
