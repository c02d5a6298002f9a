import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddingSource } from '../../../artifacts/transform-graph/embedding-source.ts';

/** Embeddings of which some rows are replaced. Those are on disk, in a file that is gone with the process. */
export class ReplacedRows implements EmbeddingSource, Disposable {
  readonly #source: EmbeddingSource;
  readonly #file: number;
  readonly #places = new Map<number, number>();

  private constructor(source: EmbeddingSource, file: number) {
    this.#source = source;
    this.#file = file;
  }

  static async open(source: EmbeddingSource): Promise<ReplacedRows> {
    const folder = await mkdtemp(join(tmpdir(), 'mitate-rows-'));
    try {
      return new ReplacedRows(source, openSync(join(folder, 'rows.f32'), 'wx+', 0o600));
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  get count(): number {
    return this.#source.count;
  }
  get views(): number {
    return this.#source.views;
  }
  get size(): number {
    return this.#source.size;
  }

  /** @param embedding [size] */
  replace(row: number, embedding: Float32Array): void {
    const place = this.#places.get(row) ?? this.#places.size;
    this.#places.set(row, place);
    writeSync(this.#file, embedding, 0, embedding.byteLength, place * 4 * this.size);
  }

  read(rows: ArrayLike<number>, out: Float32Array): void {
    this.#source.read(rows, out);
    for (let i = 0; i < rows.length; i++) {
      const place = this.#places.get(rows[i]!);
      if (place === undefined) continue;
      readSync(this.#file, out.subarray(i * this.size, (i + 1) * this.size), 0, 4 * this.size, place * 4 * this.size);
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}
