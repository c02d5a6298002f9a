import type { Split } from '../../contracts/example.ts';
import type { Preprocess, View } from '../../contracts/signature.ts';

/** What Transform fitted, read back from its TransformGraph artifact. */
export interface Transform {
  /** `digest` is the sha256 of the backbone's ONNX bytes; `source` says where they came from (`built-in`, a file name, a URL). */
  backbone: { name: string; digest: string; source: string };
  preprocess: Preprocess;
  /** Order of the rows of one photo. */
  views: View[];
  /** D. */
  embeddingSize: number;
  /** Digest of all that turns a photo's bytes into an embedding. */
  transformDigest: string;
  /** Of the train split's features over photos and views, [D] each; a standardised feature is (x - mean) / scale, scale > 0. */
  mean: Float32Array;
  scale: Float32Array;
}

/** Rows of one split's embeddings, read from the file as asked: the matrix is never in memory. */
export interface Embeddings {
  /** Photos n; there are n * views rows. Row i * views + v is photo i (line i of that split in `examples.jsonl`) in view v. */
  count: number;
  views: number;
  /** D. */
  size: number;
  /** Copies the rows, not standardised, one after the other into `out` (length >= rows * D). Synchronous: from the page cache. */
  read(rows: ArrayLike<number>, out: Float32Array): void;
  close(): void;
}

export type ReadTransform = (uri: string) => Promise<Transform>;
export type OpenEmbeddings = (uri: string, split: Split) => Embeddings;
