import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '../../codecs/digest.ts';
import { temporaryEnding } from '../../files/write-whole.ts';
import { type EmbeddingKey, type EmbeddingRow, EmbeddingSegment, writeSegment } from './embedding-segment.ts';

/** What an embedding depends on beside photo and view. */
export interface EmbeddingSpace {
  /** sha256 of the backbone's ONNX bytes; for a model's answers the model's digest. */
  backbone: string;
  /** Digest of the whole preprocessing. */
  transform: string;
  /** D. */
  size: number;
}

export const spaceFile = 'space.json';
export const segmentEnding = '.emb';
/** 2.4 MB per file; at 200 photos/s a killed run loses about a second. */
const segmentRows = 256;
const openFiles = 16;

/**
 * Embeddings across runs. Memory holds an index (about 100 bytes per embedding); the numbers stay on disk. A file with a wrong checksum is
 * deleted, and its embeddings are computed again.
 */
export class EmbeddingCache implements AsyncDisposable {
  #folder: string;
  #space: EmbeddingSpace;
  #segments: EmbeddingSegment[] = [];
  #open = new Set<EmbeddingSegment>();
  /** Key -> segment * segmentRows + row. */
  #index = new Map<string, number>();
  #pending = new Map<string, EmbeddingRow>();
  #writing: Promise<void> = Promise.resolve();

  private constructor(folder: string, space: EmbeddingSpace) {
    this.#folder = folder;
    this.#space = space;
  }

  /** @param root has one folder per space; created when missing */
  static async open(root: string, space: EmbeddingSpace): Promise<EmbeddingCache> {
    const folder = join(root, digestOf(space).slice(0, 32));
    await mkdir(folder, { recursive: true });
    if (!existsSync(join(folder, spaceFile))) await writeFile(join(folder, spaceFile), `${JSON.stringify(space)}\n`);
    const cache = new EmbeddingCache(folder, space);
    for (const name of (await readdir(folder)).sort()) {
      if (name.endsWith(segmentEnding)) await cache.#add(join(folder, name));
      if (name.endsWith(temporaryEnding)) await removeWhenOld(join(folder, name));
    }
    return cache;
  }

  get count(): number {
    return this.#index.size + this.#pending.size;
  }

  has(key: EmbeddingKey): boolean {
    const short = shortKey(key);
    return this.#pending.has(short) || this.#index.has(short);
  }

  /** [D], bit-identical to what was put in; undefined when there is none. */
  async get(key: EmbeddingKey): Promise<Float32Array | undefined> {
    const short = shortKey(key);
    const pending = this.#pending.get(short);
    if (pending) return pending.vector;
    const place = this.#index.get(short);
    const segment = place === undefined ? undefined : this.#segments[Math.floor(place / segmentRows)];
    if (place === undefined || !segment) return undefined;
    const vector = segment.read(place % segmentRows);
    this.#keepOpen(segment);
    if (!vector) await this.#drop(segment);
    return vector;
  }

  /** On disk after the next 256, `flush` or `close`. */
  async put(key: EmbeddingKey, vector: Float32Array): Promise<void> {
    this.#pending.set(shortKey(key), { key, vector });
    if (this.#pending.size >= segmentRows) await this.#enqueue(segmentRows);
  }

  /** Writes what is pending. */
  flush(): Promise<void> {
    return this.#enqueue(1);
  }

  async close(): Promise<void> {
    await this.flush();
    for (const segment of this.#open) segment.close();
    this.#open.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** One write at a time; none below `least` rows, so that puts during a write do not make small files. */
  #enqueue(least: number): Promise<void> {
    const written = this.#writing.then(() => this.#writePending(least));
    this.#writing = written.catch(() => {});
    return written;
  }

  async #writePending(least: number): Promise<void> {
    while (this.#pending.size >= least && this.#pending.size > 0) {
      const entries = [...this.#pending].slice(0, segmentRows);
      const rows = entries.map(([, row]) => row);
      await this.#add(await writeSegment(this.#folder, rows));
      for (const [short] of entries) this.#pending.delete(short);
    }
  }

  async #add(path: string): Promise<void> {
    const segment = EmbeddingSegment.open(path, this.#space.size);
    if (!segment) return rm(path, { force: true });
    const base = this.#segments.push(segment) * segmentRows - segmentRows;
    for (let row = 0; row < segment.count; row++) this.#index.set(shortKey(segment.key(row)), base + row);
  }

  async #drop(segment: EmbeddingSegment): Promise<void> {
    const number = this.#segments.indexOf(segment);
    for (const [key, place] of this.#index) if (Math.floor(place / segmentRows) === number) this.#index.delete(key);
    this.#open.delete(segment);
    segment.close();
    await rm(segment.path, { force: true });
  }

  #keepOpen(segment: EmbeddingSegment): void {
    this.#open.delete(segment);
    this.#open.add(segment);
    const [oldest] = this.#open;
    if (!oldest || this.#open.size <= openFiles) return;
    this.#open.delete(oldest);
    oldest.close();
  }
}

/** 128 bits of the digest and the view: about 20 bytes instead of 64. */
function shortKey({ sha256, view }: EmbeddingKey): string {
  return Buffer.from(sha256.slice(0, 32), 'hex').toString('latin1') + view;
}

/** Leftovers of a killed run; younger than an hour they may belong to a running one. */
async function removeWhenOld(path: string): Promise<void> {
  const about = await stat(path).catch(() => undefined);
  if (about && Date.now() - about.mtimeMs > 3_600_000) await rm(path, { force: true });
}
