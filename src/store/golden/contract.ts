import type { GoldenExample, GoldenSet } from '../../contracts/loop/golden.ts';

/** Audited changes: only available inside `store.audited`. */
export interface GoldenChanges {
  /** @returns the photos that were new */
  addPhotos(photos: readonly Omit<GoldenExample, 'addedAt'>[]): Promise<GoldenExample[]>;
  /** A whole set, one photo of it, or photos of all sets by origin. @returns what was removed */
  removePhotos(what: { set: string; sha256?: string } | { imageSha256: readonly string[] }): Promise<GoldenExample[]>;
}

/** Photos of the project that are never trained on. The label of a photo in a set never changes. */
export interface GoldenStore extends GoldenChanges {
  /** By name. */
  listSets(): Promise<GoldenSet[]>;
  /** Of one set, or of all, by set, label, sha256. */
  listPhotos(set?: string): Promise<GoldenExample[]>;
}
