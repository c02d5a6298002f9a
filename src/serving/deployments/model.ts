import type { Signature } from '../../contracts/artifacts/signature.ts';

/** A model version that was loaded and checked at least once. */
export interface Model {
  /** In the pool and in errors: `leaf-health@3#1a2b3c4d` (artifact digest), in other projects `team/leaf-health@3#...`. */
  readonly key: string;
  readonly name: string;
  /** Null for a folder outside a registry. */
  readonly version: number | null;
  readonly uri: string;
  readonly signature: Signature;
  /** Estimate over all processes. */
  readonly sizeBytes: number;
  isLoaded: boolean;
  /** Set during a reload. */
  loading: Promise<void> | null;
  users: number;
  /** `performance.now()` of the last use. */
  usedAtMs: number;
}
