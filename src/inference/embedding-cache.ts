import type { View } from '../contracts/signature.ts';

/** What, beside photo and view, an embedding hangs on. */
export interface EmbeddingSpace {
  /** sha256 of the backbone's ONNX bytes. */
  backbone: string;
  /** Digest of all that turns bytes into an embedding. */
  transform: string;
  /** D. */
  size: number;
}
export interface EmbeddingKey {
  sha256: string;
  view: View;
}
