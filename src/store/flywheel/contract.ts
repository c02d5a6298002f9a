import type { FlywheelExport, FlywheelPolicy } from '../../contracts/loop/flywheel.ts';

/** A span that labelled requests became. */
export interface FlywheelSpan {
  seq: number;
  /** Absolute path of the folder of spans. */
  folder: string;
  span: number;
  endpoint: string;
  digest: string;
  photos: number;
  labels: Record<string, number>;
  leftOut: FlywheelExport['leftOut'];
  policy: FlywheelPolicy;
  at: Date;
  who: string;
}

/** Where the photo of a request was copied to. */
export interface FlywheelPhoto {
  folder: string;
  span: number;
  /** Below the span's folder: `<label>/<sha256>.<ext>`. */
  file: string;
  label: string;
  request: string;
  /** Of the photo as it was sent, and of the bytes in the file. */
  imageSha256: string;
  sha256: string;
}

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
