import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { linesOf } from '../../../codecs/lines-of.ts';
import { type Example, exampleSchema, type Split, splits } from '../../../contracts/artifacts/example.ts';
import {
  bytesPerPhoto,
  mostLabels,
  type PhotoIndexHeader,
  photoIndexMagic,
  photoIndexStart,
  photoIndexVersion,
} from '../../../contracts/artifacts/photo-index.ts';
import { MitateError } from '../../../errors/index.ts';
import { indexFile } from '../files.ts';
import { readSummary } from '../read-examples.ts';
import { shardSizes } from '../write-examples.ts';
import { columnsFile, placesFile, shardsFile } from './files.ts';

const lineSchema = exampleSchema.pick({
  sha256: true,
  label: true,
  split: true,
  group: true,
  sizeBytes: true,
  properties: true,
});
type Line = Pick<Example, 'sha256' | 'label' | 'split' | 'group' | 'sizeBytes' | 'properties'>;

/**
 * Writes the index of an Examples artifact into a folder. Reads line by line: about 40 bytes of memory per photo, beside the names of groups.
 * @throws EXAMPLES_CORRUPT, FILE_UNREADABLE, ARTIFACT_FILE_INVALID
 */
export async function buildPhotoIndex(uri: string, folder: string): Promise<void> {
  const { labels, counts } = await readSummary(uri);
  const count = Object.values(counts).reduce((sum, of) => sum + splits.reduce((all, split) => all + of[split], 0), 0);
  const columns = new Columns(count, { labels });
  const places = new Places(count);
  const groups = new Groups(count);
  const sizes: Record<Split, number[]> = { train: [], eval: [], test: [] };
  const path = indexFile(uri);
  let [at, offset] = [0, 0];
  for await (const text of linesOf(createReadStream(path, 'utf8'))) {
    if (at >= count) throw corrupt(path, `more than the ${count} photos of the summary`);
    const line = parse(text, `${path}:${at + 1}`);
    columns.set(at, line);
    places.set(at, offset, line);
    groups.set(at, line);
    sizes[line.split].push(line.sizeBytes);
    offset += Buffer.byteLength(text) + 1;
    at++;
  }
  if (at < count) throw corrupt(path, `${at} lines, ${count} photos in the summary`);
  places.end(offset);
  groups.number(columns.group, places);
  await writeFile(placesFile(folder), places.bytes);
  const shards = Object.fromEntries(splits.map((split) => [split, shardSizes(sizes[split])]));
  await writeFile(shardsFile(folder), JSON.stringify(shards));
  await writeFile(columnsFile(folder), columns.bytes);
}

const corrupt = (path: string, reason: string) => new MitateError('EXAMPLES_CORRUPT', { path, reason });

function parse(text: string, place: string): Line {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch (error) {
    throw corrupt(place, (error as Error).message);
  }
}

class Columns {
  readonly bytes: Uint8Array;
  readonly group: Uint32Array;
  #label: Uint16Array;
  #flags: Uint8Array;
  #colour: Uint8Array;
  #numbers: Map<string, number>;

  constructor(count: number, header: PhotoIndexHeader) {
    const text = Buffer.from(JSON.stringify(header));
    const size = Math.ceil(text.length / 8) * 8;
    const start = photoIndexStart + size;
    this.bytes = new Uint8Array(start + bytesPerPhoto * count);
    this.bytes.fill(0x20, photoIndexStart, start);
    this.bytes.set(Buffer.from(photoIndexMagic));
    this.bytes[4] = photoIndexVersion;
    const view = new DataView(this.bytes.buffer);
    view.setUint32(8, count, true);
    view.setUint32(12, size, true);
    this.bytes.set(text, photoIndexStart);
    this.group = new Uint32Array(this.bytes.buffer, start, count);
    this.#label = new Uint16Array(this.bytes.buffer, start + 4 * count, count);
    this.#flags = new Uint8Array(this.bytes.buffer, start + 6 * count, count);
    this.#colour = new Uint8Array(this.bytes.buffer, start + 7 * count, 3 * count);
    this.#numbers = new Map(header.labels.map((label, i) => [label, Math.min(i, mostLabels - 1)]));
  }

  set(at: number, { label, split, properties: { red, green, blue } }: Line): void {
    this.#label[at] = this.#numbers.get(label) ?? mostLabels - 1;
    this.#flags[at] = splits.indexOf(split);
    this.#colour.set(
      [red, green, blue].map((share) => Math.round(255 * share)),
      3 * at,
    );
  }
}

class Places {
  readonly bytes: Uint8Array;
  #offsets: Float64Array;
  #high: Uint32Array;
  #low: Uint32Array;

  constructor(count: number) {
    this.bytes = new Uint8Array(16 * count + 8);
    this.#offsets = new Float64Array(this.bytes.buffer, 0, count + 1);
    this.#high = new Uint32Array(this.bytes.buffer, 8 * (count + 1), count);
    this.#low = new Uint32Array(this.bytes.buffer, 12 * count + 8, count);
  }

  set(at: number, offset: number, { sha256 }: Line): void {
    this.#offsets[at] = offset;
    this.#high[at] = Number.parseInt(sha256.slice(0, 8), 16);
    this.#low[at] = Number.parseInt(sha256.slice(8, 16), 16);
  }

  end(offset: number): void {
    this.#offsets[this.#high.length] = offset;
  }

  /** Photos after which groups are named. */
  named(wanted: (prefix: string) => number | undefined, found: (at: number, group: number) => void): void {
    for (let at = 0; at < this.#high.length; at++) {
      const group = wanted(prefixOf(this.#high[at]!, this.#low[at]!));
      if (group !== undefined) found(at, group);
    }
  }
}

const hex = (value: number) => value.toString(16).padStart(8, '0');
const prefixOf = (high: number, low: number) => hex(high) + hex(low);

/** Numbers for groups of several photos. A group may be named after one of its photos, which then looks as if it was alone. */
class Groups {
  #numbers = new Map<string, number>();
  #ofPhoto: Uint32Array;

  constructor(count: number) {
    this.#ofPhoto = new Uint32Array(count);
  }

  set(at: number, { sha256, group }: Line): void {
    if (group === sha256) return;
    let number = this.#numbers.get(group);
    if (number === undefined) {
      number = this.#numbers.size + 1;
      this.#numbers.set(group, number);
    }
    this.#ofPhoto[at] = number;
  }

  number(into: Uint32Array, places: Places): void {
    if (this.#numbers.size === 0) return;
    const photos = [...this.#numbers].filter(([name]) => /^[0-9a-f]{64}$/.test(name));
    const byPrefix = new Map(photos.map(([name, number]) => [name.slice(0, 16), number]));
    if (byPrefix.size > 0)
      places.named(
        (prefix) => byPrefix.get(prefix),
        (at, number) => {
          if (this.#ofPhoto[at] === 0) this.#ofPhoto[at] = number;
        },
      );
    const sizes = new Uint32Array(this.#numbers.size + 1);
    for (const number of this.#ofPhoto) sizes[number]!++;
    for (let at = 0; at < into.length; at++) {
      const number = this.#ofPhoto[at]!;
      into[at] = number > 0 && sizes[number]! > 1 ? number : 0;
    }
  }
}
