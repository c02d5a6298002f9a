import type { FlywheelPhoto, FlywheelSpan } from '../../contracts/loop/flywheel.ts';

/** Audited changes: only available inside `store.audited`. */
export interface FlywheelChanges {
  /** Also reserves the number of the span. @throws FLYWHEEL_BUSY when another export took it */
  addSpan(
    span: Omit<FlywheelSpan, 'seq' | 'at'> & { at: Date },
    photos: readonly Omit<FlywheelPhoto, 'folder' | 'span'>[],
  ): Promise<void>;
  /** Deletes the rows of copies whose files were deleted. */
  removeCopies(photos: readonly string[]): Promise<void>;
}

export interface FlywheelStore extends FlywheelChanges {
  /** For a span whose folder could not be written. */
  removeSpan(folder: string, span: number): Promise<void>;
  /** Newest first. */
  listSpans(filter?: { endpoint?: string; before?: number; limit?: number }): Promise<FlywheelSpan[]>;
  /** Highest number ever used in a folder, over all projects; null = none. */
  lastSpan(folder: string): Promise<number | null>;
  /** Copies of these photos, by the sha256 of the sent photo or of the copy. */
  copiesOf(photos: readonly string[]): Promise<FlywheelPhoto[]>;
}
