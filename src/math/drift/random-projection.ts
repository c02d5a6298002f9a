import { Random } from '../stats/random.ts';

/**
 * A random sign matrix / sqrt(D) (Achlioptas 2003): distances between long vectors are kept on average. The same seed and size give the
 * same matrix, so projections of models on one backbone can be compared.
 */
export class RandomProjection {
  readonly size: number;
  readonly embeddingSize: number;
  readonly #signs: Int8Array;

  constructor(seed: string, embeddingSize: number, size = 64) {
    const random = new Random(seed);
    this.size = size;
    this.embeddingSize = embeddingSize;
    this.#signs = Int8Array.from({ length: embeddingSize * size }, () => (random.uint32() >>> 31 ? 1 : -1));
  }

  /** @param embedding [D] @returns [size] */
  project(embedding: ArrayLike<number>): Float32Array {
    const out = new Float64Array(this.size);
    for (let d = 0; d < this.embeddingSize; d++) {
      const value = embedding[d];
      const row = d * this.size;
      for (let j = 0; j < this.size; j++) out[j] += this.#signs[row + j] * value;
    }
    return Float32Array.from(out, (sum) => sum / Math.sqrt(this.embeddingSize));
  }
}
