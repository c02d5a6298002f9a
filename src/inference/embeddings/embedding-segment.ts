import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { sha256 } from '../../codecs/digest.ts';
import type { View } from '../../contracts/artifacts/signature.ts';
import { writeWhole } from '../../files/write-whole.ts';

/** Identifies one embedding of a space. */
export interface EmbeddingKey {
  /** Of the image bytes, lower-case hex. */
  sha256: string;
  view: View;
}

export interface EmbeddingRow {
  key: EmbeddingKey;
  /** [D] */
  vector: Float32Array;
}

/** On disk a view is its index in this list: append only. */
const viewCodes: View[] = [
  ...['plain', 'flip-h', 'flip-v', 'rot90', 'rot180', 'rot270', 'transpose', 'transverse'],
  ...Array.from({ length: 9 }, (_, n) => `crop-${n}`),
];
const magic = Buffer.from('MITATEE1');
const keyBytes = 33;
const prefixBytes = 16;

/**
 * A file of embeddings: magic, uint32 D, uint32 n, n keys (32-byte sha256, 1-byte view), crc32 of the above; then n rows (D float32, crc32 of
 * key and row). Little-endian. Immutable.
 */
export class EmbeddingSegment {
  readonly path: string;
  /** D. */
  readonly size: number;
  #rawKeys: Buffer;
  #file: number | undefined;

  private constructor(path: string, size: number, rawKeys: Buffer) {
    this.path = path;
    this.size = size;
    this.#rawKeys = rawKeys;
  }

  /** Undefined when the file is damaged, cut short or holds embeddings of another size. */
  static open(path: string, size: number): EmbeddingSegment | undefined {
    const file = openSync(path, 'r');
    try {
      const rawKeys = readKeys(file, size);
      return rawKeys && new EmbeddingSegment(path, size, rawKeys);
    } finally {
      closeSync(file);
    }
  }

  get count(): number {
    return this.#rawKeys.length / keyBytes;
  }

  key(row: number): EmbeddingKey {
    const raw = this.#rawKeys.subarray(row * keyBytes, (row + 1) * keyBytes);
    return { sha256: raw.toString('hex', 0, 32), view: viewCodes[raw.readUInt8(32)] as View };
  }

  /** The row's [D] numbers, or undefined with a wrong checksum. The file stays open until `close`. */
  read(row: number): Float32Array | undefined {
    const bytes = Buffer.alloc(this.size * 4 + 4);
    const at = prefixBytes + this.#rawKeys.length + 4 + row * bytes.length;
    this.#file ??= openSync(this.path, 'r');
    if (readSync(this.#file, bytes, 0, bytes.length, at) !== bytes.length) return undefined;
    const vector = bytes.subarray(0, -4);
    const key = this.#rawKeys.subarray(row * keyBytes, (row + 1) * keyBytes);
    if (crc32(vector, crc32(key)) !== bytes.readUInt32LE(bytes.length - 4)) return undefined;
    return new Float32Array(bytes.buffer, bytes.byteOffset, this.size);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** Writes a segment atomically. The name comes from the content, so two runs never collide. @returns its path */
export async function writeSegment(folder: string, rows: readonly EmbeddingRow[]): Promise<string> {
  const rawKeys = rows.map(({ key }) => packKey(key));
  const prefix = Buffer.alloc(prefixBytes);
  magic.copy(prefix);
  prefix.writeUInt32LE(rows[0]?.vector.length ?? 0, 8);
  prefix.writeUInt32LE(rows.length, 12);
  const head = Buffer.concat([prefix, ...rawKeys]);
  const packed = rows.flatMap(({ key, vector }) => {
    const bytes = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
    return [bytes, uint32(crc32(bytes, crc32(packKey(key))))];
  });
  const content = Buffer.concat([head, uint32(crc32(head)), ...packed]);
  const path = join(folder, `${sha256(content).slice(0, 32)}.emb`);
  await writeWhole(path, content);
  return path;
}

function readKeys(file: number, size: number): Buffer | undefined {
  const prefix = Buffer.alloc(prefixBytes);
  if (readSync(file, prefix, 0, prefixBytes, 0) < prefixBytes) return undefined;
  if (!prefix.subarray(0, 8).equals(magic) || prefix.readUInt32LE(8) !== size) return undefined;
  const length = prefix.readUInt32LE(12) * keyBytes;
  if (length > 1e8) return undefined;
  const rest = Buffer.alloc(length + 4);
  if (readSync(file, rest, 0, rest.length, prefixBytes) < rest.length) return undefined;
  const rawKeys = rest.subarray(0, length);
  return crc32(rawKeys, crc32(prefix)) === rest.readUInt32LE(length) ? rawKeys : undefined;
}

function packKey({ sha256: digest, view }: EmbeddingKey): Buffer {
  return Buffer.concat([Buffer.from(digest, 'hex'), Buffer.of(viewCodes.indexOf(view))]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
