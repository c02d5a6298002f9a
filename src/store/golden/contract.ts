import type { GoldenExample, GoldenSet } from '../../contracts/loop/golden.ts';

/** Photos of the project that never train. A set only grows or goes: the label of a photo in it stays as it was. */
export interface GoldenStore {
  /** Those that were not there. */
  addPhotos(photos: readonly Omit<GoldenExample, 'addedAt'>[]): Promise<GoldenExample[]>;
  /** By name. */
  listSets(): Promise<GoldenSet[]>;
  /** Of one set or of all, by set, label, sha256. */
  listPhotos(set?: string): Promise<GoldenExample[]>;
  /** Of a set all, or one photo; or photos of all sets by where they came from. @returns what is gone */
  removePhotos(what: { set: string; sha256?: string } | { imageSha256: readonly string[] }): Promise<GoldenExample[]>;
}
