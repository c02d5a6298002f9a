import { open, readFile } from 'node:fs/promises';
import { type Example, exampleSchema, type Split, splits } from '../../../contracts/artifacts/example.ts';
import { bytesPerPhoto, photoIndexStart, splitBits } from '../../../contracts/artifacts/photo-index.ts';
import { MitateError } from '../../../errors/index.ts';
import { indexFile } from '../files.ts';
import { columnsFile, placesFile, shardsFile } from './files.ts';

/** Where the bytes of a photo are in an Examples artifact. */
export interface ShardPlace {
  split: Split;
  /** Number of the shard, and of the record in it. */
  shard: number;
  record: number;
}

/** An index in memory: 26 bytes a photo. Positions are those of `examples.jsonl`. */
export class PhotoIndex {
  readonly count: number;
  /** As sent, with no flags but the split. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly labels: readonly string[];
  readonly group: Uint32Array;
  readonly label: Uint16Array;
  readonly flags: Uint8Array;
  /** First position of each split, and the end. */
  readonly starts: readonly number[];
  readonly #uri: string;
  readonly #places: { offsets: Float64Array; high: Uint32Array; low: Uint32Array };
  readonly #shards: Record<Split, number[]>;

  private constructor(
    uri: string,
    bytes: Uint8Array<ArrayBuffer>,
    places: ArrayBuffer,
    shards: Record<Split, number[]>,
  ) {
    const view = new DataView(bytes.buffer);
    const count = view.getUint32(8, true);
    const headerBytes = view.getUint32(12, true);
    const header = Buffer.from(bytes.buffer, photoIndexStart, headerBytes).toString();
    const start = photoIndexStart + headerBytes;
    this.#uri = uri;
    this.#shards = shards;
    this.bytes = bytes;
    this.count = count;
    this.labels = (JSON.parse(header) as { labels: string[] }).labels;
    this.group = new Uint32Array(bytes.buffer, start, count);
    this.label = new Uint16Array(bytes.buffer, start + 4 * count, count);
    this.flags = new Uint8Array(bytes.buffer, start + 6 * count, count);
    this.#places = {
      offsets: new Float64Array(places, 0, count + 1),
      high: new Uint32Array(places, 8 * (count + 1), count),
      low: new Uint32Array(places, 12 * count + 8, count),
    };
    this.starts = [0, 1, 2, 3].map((split) => firstWhere(count, (at) => (this.flags[at]! & splitBits) >= split));
  }

  /** @throws when there is no index in the folder, or an unfinished one */
  static async open(uri: string, folder: string): Promise<PhotoIndex> {
    const [columns, places, shards] = await Promise.all([
      readFile(columnsFile(folder)),
      readFile(placesFile(folder)),
      readFile(shardsFile(folder), 'utf8'),
    ]);
    // own buffers: a small file shares one with others, at any place in it
    const bytes = Uint8Array.from(columns);
    return new PhotoIndex(uri, bytes, Uint8Array.from(places).buffer, JSON.parse(shards));
  }

  get sizeBytes(): number {
    return this.bytes.length + 16 * this.count;
  }

  /** Positions of about so many photos, of all splits: those with the smallest sha256, which are the same in the next span. All, if there are no more. */
  sample(most: number): number[] {
    const limit = this.count <= most ? Number.POSITIVE_INFINITY : (2 ** 32 * most) / this.count;
    const { high } = this.#places;
    const found: number[] = [];
    for (const [i, from] of this.starts.slice(0, -1).entries())
      for (let at = from; at < this.starts[i + 1]! && high[at]! < limit; at++) found.push(at);
    return found;
  }

  splitOf(at: number): Split {
    return splits[this.flags[at]! & splitBits]!;
  }

  /** Of the bytes that are sent: flags of the photos, to be changed in a copy. */
  flagsOf(bytes: Uint8Array<ArrayBuffer>): Uint8Array {
    const start = bytes.length - bytesPerPhoto * this.count;
    return bytes.subarray(start + 6 * this.count, start + 7 * this.count);
  }

  /** By its whole sha256; -1 = not here. Eight of its bytes are compared. */
  position(sha256: string): number {
    const [high, low] = [Number.parseInt(sha256.slice(0, 8), 16), Number.parseInt(sha256.slice(8, 16), 16)];
    const { high: highs, low: lows } = this.#places;
    const isBehind = (at: number) => highs[at]! > high || (highs[at] === high && lows[at]! >= low);
    for (const [i, from] of this.starts.slice(0, -1).entries()) {
      const end = this.starts[i + 1]!;
      const at = from + firstWhere(end - from, (offset) => isBehind(from + offset));
      if (at < end && highs[at] === high && lows[at] === low) return at;
    }
    return -1;
  }

  placeOf(at: number): ShardPlace {
    const split = this.splitOf(at);
    let record = at - this.starts[splits.indexOf(split)]!;
    for (const [shard, photos] of this.#shards[split].entries()) {
      if (record < photos) return { split, shard, record };
      record -= photos;
    }
    throw new RangeError(`photo ${at} is in no shard`);
  }

  /** Number of shards of a split. */
  shardsOf(split: Split): number {
    return this.#shards[split].length;
  }

  /** The lines at these positions, in their order. @throws EXAMPLES_CORRUPT */
  async read(positions: readonly number[]): Promise<Example[]> {
    const path = indexFile(this.#uri);
    const { offsets } = this.#places;
    await using file = await open(path).catch((cause: Error) => {
      throw new MitateError('EXAMPLES_CORRUPT', { path, reason: cause.message }, { cause });
    });
    const found: Example[] = [];
    for (let i = 0; i < positions.length; ) {
      let end = i + 1;
      while (end < positions.length && positions[end] === positions[end - 1]! + 1) end++;
      const [from, to] = [offsets[positions[i]!]!, offsets[positions[end - 1]! + 1]!];
      const buffer = Buffer.alloc(to - from);
      await file.read(buffer, 0, buffer.length, from);
      const lines = buffer.toString('utf8').split('\n');
      for (let at = i; at < end; at++) found.push(parse(lines[at - i]!, `${path}:${positions[at]! + 1}`));
      i = end;
    }
    return found;
  }
}

function parse(text: string, path: string): Example {
  try {
    return exampleSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new MitateError('EXAMPLES_CORRUPT', { path, reason: (cause as Error).message }, { cause });
  }
}

/** The first of 0..count-1 that passes, where all after one that passes pass; count = none. */
function firstWhere(count: number, passes: (at: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (passes(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
