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
  /** Of the flywheel's spans and golden sets: files that are gone. */
  copies: string[];
  photos: (ErasedPhoto & { image: string })[];
  /** Cached embeddings and answers. */
  embeddings: number;
  /** Made before, they still hold it: delete them, or restore none of them. */
  backups: string[];
}

export interface Erasure {
  readonly store: OpenStore;
  readonly change: { who: string; why: string };
  /** Parquet files outside the workspace that were named. */
  readonly files: readonly string[];
  /** What is named in `requests` and `images`, which grows when a copy is known under another sha256; and what was erased so far. */
  readonly erased: Omit<Erased, 'backups'>;
  /** One transaction, with the row of the audit log that says what was erased so far. */
  audited<T>(change: (within: Repositories) => Promise<T>): Promise<T>;
}
