import type { Correction } from '../../contracts/loop/correction.ts';

export type NewCorrection = Omit<Correction, 'seq' | 'revertedAt' | 'revertedBy'>;

export interface CorrectionFilter {
  pipeline?: string;
  sha256?: string;
  /** Only the newest of each photo that was not reverted. */
  standing?: boolean;
  /** `seq` of the last one of the previous page. */
  before?: number;
  limit?: number;
}

/** Audited changes: only available inside `store.audited`. */
export interface CorrectionChanges {
  /** In order. */
  add(corrections: readonly NewCorrection[]): Promise<Correction[]>;
  /** Null = there is none with this id that was not reverted. */
  revert(id: string, by: { who: string; at: Date }): Promise<Correction | null>;
  /** For photos that are erased. @returns how many */
  erase(photos: readonly string[]): Promise<number>;
}

/** Decisions about photos of data sets of the project, newest first. */
export interface CorrectionStore extends CorrectionChanges {
  list(filter?: CorrectionFilter): Promise<Correction[]>;
  /** Changes with every decision and every reversal. */
  revision(pipeline: string): Promise<string>;
}
