import type { ErasedPhoto } from '../../orchestrator/erase/erase-photo.ts';
import type { OpenStore } from '../../store/open-store.ts';
import type { Repositories } from '../../store/repositories.ts';

export interface Erased {
  requests: string[];
  images: string[];
  /** Rows deleted from the database. */
  rows: number;
  /** Parquet files written anew, and how many rows each had. */
  files: { path: string; rows: number }[];
  /** Deleted files of flywheel spans and golden sets. */
  copies: string[];
  photos: (ErasedPhoto & { image: string })[];
  /** Cached embeddings and answers. */
  embeddings: number;
  /** Older backups, which still contain it: delete them, or do not restore them. */
  backups: string[];
}

export interface Erasure {
  readonly store: OpenStore;
  readonly change: { who: string; why: string };
  /** Parquet files outside the workspace that the caller listed. */
  readonly files: readonly string[];
  /** What is named in `requests` and `images`, which grows when a copy is known under another sha256; and what was erased so far. */
  readonly erased: Omit<Erased, 'backups'>;
  /** One transaction, with an audit row of what was erased so far. */
  audited<T>(change: (within: Repositories) => Promise<T>): Promise<T>;
}
