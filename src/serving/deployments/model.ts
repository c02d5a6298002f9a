import type { Signature } from '../../contracts/artifacts/signature.ts';

/** A model version that was loaded and checked at least once. */
export interface Model {
  /** In the pool and in errors: `leaf-health@3#1a2b3c4d` with its artifact, of another project `team/leaf-health@3#...`. */
  readonly key: string;
  readonly name: string;
  /** Null for a folder that is in no registry. */
  readonly version: number | null;
  readonly uri: string;
  readonly signature: Signature;
  /** In all processes together, about. */
  readonly sizeBytes: number;
  isLoaded: boolean;
  /** Set while it is being loaded again. */
  loading: Promise<void> | null;
  /** Requests that hold it. */
  users: number;
  /** `performance.now()` of the last use. */
  usedAtMs: number;
}
