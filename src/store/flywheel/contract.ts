import type { FlywheelPhoto, FlywheelSpan } from '../../contracts/loop/flywheel.ts';

/** Spans of the project. */
export interface FlywheelStore {
  /** The span's number is taken with it. @throws FLYWHEEL_BUSY when another export took it */
  addSpan(
    span: Omit<FlywheelSpan, 'seq' | 'at'> & { at: Date },
    photos: readonly Omit<FlywheelPhoto, 'folder' | 'span'>[],
  ): Promise<void>;
  /** Its folder could not be made. */
  removeSpan(folder: string, span: number): Promise<void>;
  /** Newest first. */
  listSpans(filter?: { endpoint?: string; before?: number; limit?: number }): Promise<FlywheelSpan[]>;
  /** Highest number ever taken in a folder, over all projects; null = none. */
  lastSpan(folder: string): Promise<number | null>;
  /** Copies of these photos, by the sha256 under which they were sent or that of the copy. */
  copiesOf(photos: readonly string[]): Promise<FlywheelPhoto[]>;
  /** Forgets those copies: their files are gone. */
  removeCopies(photos: readonly string[]): Promise<void>;
}
