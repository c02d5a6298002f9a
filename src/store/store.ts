import type { GoldenPhoto } from '../contracts/loop/golden.ts';
import type { ModelChanges, ModelStore } from './models/contract.ts';
import type { RunChanges, RunStore } from './runs/contract.ts';

/** What a run reads and writes in its project. */
export interface Store extends Omit<RunStore, keyof RunChanges>, Omit<ModelStore, keyof ModelChanges>, AsyncDisposable {
  readonly project: string;
  /** Those of the photos (sha256) that were erased and must not be imported again. */
  erasedPhotos(photos: readonly string[]): Promise<ReadonlySet<string>>;
  /** Photos of all golden sets, which are never trained on. */
  goldenPhotos(): Promise<GoldenPhoto[]>;
}
