import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { sha256 } from '../../codecs/digest.ts';
import { writeWhole } from '../../files/write-whole.ts';

/** About a megabyte of text per write. */
const blockCharacters = 1 << 20;
/** The oldest entries are dropped first. */
const maxEntries = 500_000;

/**
 * A map on disk: a header line with the sha256 of the rest, then one `[key, value]` per line. A file that is missing, corrupt or of another
 * `format` is an empty cache, not an error.
 */
export class LineCache<V> {
  readonly #path: string;
  readonly #format: string;
  readonly #entries: Map<string, V>;
  #changed = 0;

  private constructor(path: string, format: string, entries: Map<string, V>) {
    this.#path = path;
    this.#format = format;
    this.#entries = entries;
  }

  static async open<V>(path: string, format: string): Promise<LineCache<V>> {
    const text = await readFile(path, 'utf8').catch(() => '');
    return new LineCache<V>(path, format, parse<V>(text, format));
  }

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: V): void {
    this.#entries.set(key, value);
    this.#changed++;
  }

  /** Entries set since the last save. */
  get changed(): number {
    return this.#changed;
  }

  /** Writes the cache if it changed. A failed write loses the cache and does not fail the run. */
  async save(): Promise<void> {
    if (this.#changed === 0) return;
    this.#changed = 0;
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= maxEntries) break;
      this.#entries.delete(key);
    }
    // two passes over the entries, so that their text (26 MB for 26,000 photos) is never in memory at once
    const hash = createHash('sha256');
    for (const block of blocks(this.#entries)) hash.update(block);
    const header = `${this.#format} ${hash.digest('hex')}\n`;
    await writeWhole(this.#path, withHeader(header, blocks(this.#entries))).catch(() => {});
  }
}

function* withHeader(header: string, body: Iterable<string>): Generator<string> {
  yield header;
  yield* body;
}

function* blocks<V>(entries: Map<string, V>): Generator<string> {
  let block = '';
  for (const entry of entries) {
    block += `${JSON.stringify(entry)}\n`;
    if (block.length < blockCharacters) continue;
    yield block;
    block = '';
  }
  yield block;
}

function parse<V>(text: string, format: string): Map<string, V> {
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  if (end < 0 || text.slice(0, end) !== `${format} ${sha256(body)}`) return new Map();
  return new Map(body.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as [string, V]])));
}
