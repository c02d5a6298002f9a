import type { NewProof, NewRelease, Proof, Release, ReleaseStart } from '../../contracts/release.ts';
import type { RunRecord } from '../../contracts/run.ts';

export type StartedRun = Pick<RunRecord, 'id' | 'state' | 'definitionDigest' | 'codeDigest'>;

/** Frozen pipelines of a project, where they were brought, and what was shown of them. Lists are newest first. */
export interface ReleaseStore {
  /** A release that is there already stays as it is, but for a commit that it did not have. `bundle`: the tar.gz. */
  add(release: NewRelease, bundle: Uint8Array): Promise<Release>;
  /** By its id, or the beginning of it when that names one only; `latest`. */
  get(id: string): Promise<Release | null>;
  list(filter?: { pipeline?: string; environment?: string; before?: string; limit?: number }): Promise<Release[]>;
  bundle(id: string): Promise<Uint8Array | null>;

  recordStart(start: Omit<ReleaseStart, 'seq' | 'at'>): Promise<ReleaseStart>;
  /** The newest run that came of a start's order: its own, or the one after a worker died over it. */
  runOf(runId: string): Promise<StartedRun | null>;
  /** What became of a start whose run is not found here: it runs elsewhere, or never began. */
  settleStart(runId: string, state: ReleaseStart['state']): Promise<void>;
  listStarts(filter?: { release?: string; limit?: number }): Promise<ReleaseStart[]>;

  /** False: it was taken before. Forgets those that are too old to be sent again. */
  takeNonce(nonce: string, now: Date): Promise<boolean>;

  addProof(proof: NewProof): Promise<Proof>;
  listProofs(filter?: { kind?: Proof['kind']; subject?: string; limit?: number }): Promise<Proof[]>;
}
