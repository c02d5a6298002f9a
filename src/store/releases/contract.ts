import type { NewProof, NewRelease, Proof, ProofOrigin, Release, ReleaseStart } from '../../contracts/release.ts';
import type { RunRecord } from '../../contracts/run.ts';

type StartedRun = Pick<RunRecord, 'id' | 'state' | 'definitionDigest' | 'codeDigest'>;

type Shown = 'stageIsSet' | 'byHand' | 'trained' | 'workflow';
/** What is not given was not shown. */
type NewStart = Omit<ReleaseStart, 'seq' | 'at' | Shown> & Partial<Pick<ReleaseStart, Shown>>;

/** Audited changes: only available inside `store.audited`. */
export interface ReleaseChanges {
  /** An existing release is unchanged, except for a missing commit, and once it is made here too. `bundle`: the tar.gz. */
  add(release: NewRelease & { madeHere: boolean }, bundle: Uint8Array): Promise<Release>;
  recordStart(start: NewStart): Promise<ReleaseStart>;
}

/** Releases of a project, their deployments, and their test results. Lists are newest first. */
export interface ReleaseStore extends ReleaseChanges {
  /** By id, unambiguous prefix of an id, or `latest`. */
  get(id: string): Promise<Release | null>;
  list(filter?: {
    pipeline?: string;
    environment?: string;
    codeDigest?: string;
    before?: string;
    limit?: number;
  }): Promise<Release[]>;
  bundle(id: string): Promise<Uint8Array | null>;
  /** The newest run of an order: its own, or the one after a worker died. */
  runOf(runId: string): Promise<StartedRun | null>;
  /** For a start whose run is not in this store: it runs elsewhere, or never began. */
  settleStart(runId: string, state: ReleaseStart['state'], trained?: boolean | null): Promise<void>;
  listStarts(filter?: { release?: string; limit?: number }): Promise<ReleaseStart[]>;

  /** False = already used. Deletes expired nonces. */
  takeNonce(nonce: string, now: Date): Promise<boolean>;

  addProof(proof: NewProof, origin: ProofOrigin): Promise<Proof>;
  listProofs(filter?: { kind?: Proof['kind']; subject?: string; limit?: number }): Promise<Proof[]>;
}
