import type { EmbeddingSource } from '../../../artifacts/transform-graph/embedding-source.ts';

const chunkRows = 256;

/** Reads embeddings of photos in their first view, standardised over all photos and scaled to length 1. */
export class UnitRows {
  readonly size: number;
  readonly #source: EmbeddingSource;
  readonly #mean: Float64Array;
  readonly #scale: Float64Array;

  constructor(source: EmbeddingSource) {
    this.#source = source;
    this.size = source.size;
    this.#mean = new Float64Array(source.size);
    this.#scale = new Float64Array(source.size);
    this.#measure();
  }

  /** Unit vectors, [photos.length, size]. */
  read(photos: readonly number[]): Float32Array {
    const { size } = this;
    const out = new Float32Array(photos.length * size);
    this.#source.read(this.#rows(photos), out);
    for (let row = 0; row < out.length; row += size) {
      let squares = 0;
      for (let j = 0; j < size; j++) {
        const value = (out[row + j]! - this.#mean[j]!) / this.#scale[j]!;
        out[row + j] = value;
        squares += value * value;
      }
      const length = Math.sqrt(squares) || 1;
      for (let j = 0; j < size; j++) out[row + j]! /= length;
    }
    return out;
  }

  #rows(photos: readonly number[]): number[] {
    return photos.map((photo) => photo * this.#source.views);
  }

  #measure(): void {
    const { count, size } = this.#source;
    const squares = new Float64Array(size);
    const buffer = new Float32Array(chunkRows * size);
    for (let start = 0; start < count; start += chunkRows) {
      const photos = Array.from({ length: Math.min(chunkRows, count - start) }, (_, i) => start + i);
      this.#source.read(this.#rows(photos), buffer);
      for (let i = 0; i < photos.length * size; i++) {
        const value = buffer[i]!;
        this.#mean[i % size]! += value / count;
        squares[i % size]! += (value * value) / count;
      }
    }
    for (let j = 0; j < size; j++) this.#scale[j] = Math.sqrt(Math.max(0, squares[j]! - this.#mean[j]! ** 2)) + 1e-6;
  }
}
