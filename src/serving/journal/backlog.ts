import { readFile } from 'node:fs/promises';
import type { Logger } from '../../contracts/logger.ts';
import type { JournalPosition } from '../../contracts/request-record.ts';
import type { WrittenEntry } from './appender.ts';
import { headerBytes } from './format.ts';
import { type Finding, readSegment } from './read-segment.ts';
import { isBefore, listSegments, type SegmentFile } from './segments.ts';

/** Beyond it, what is written is read back from disk when its turn comes: memory stays flat while the database is slow or away. */
const maxMemoryBytes = 32 << 20;

export interface Batch {
  entries: WrittenEntry[];
  /** Behind the last of them. */
  position: JournalPosition;
}

interface Reading {
  number: number;
  /** Bytes that are looked at. */
  upTo: number;
  /** No longer written to. */
  isWhole: boolean;
  entries: Iterator<WrittenEntry>;
}

/** What is in the journal and not yet in the database, in order: from memory, else from the segments. */
export class Backlog {
  readonly #dir: string;
  readonly #logger: Logger;
  /** Up to where entries were handed out. */
  #taken: JournalPosition;
  /** Up to where the journal was written. */
  #end: JournalPosition;
  #fresh: WrittenEntry[] = [];
  #freshBytes = 0;
  /** Entries lie between `taken` and the first fresh one. */
  #onDisk: boolean;
  #reading: Reading | null = null;

  constructor(dir: string, from: JournalPosition, end: JournalPosition, logger: Logger) {
    this.#dir = dir;
    this.#taken = from;
    this.#end = end;
    this.#logger = logger;
    this.#onDisk = isBefore(from, end);
  }

  get isEmpty(): boolean {
    return !this.#onDisk && this.#fresh.length === 0;
  }

  add(entries: WrittenEntry[]): void {
    const last = entries.at(-1)!;
    this.#end = { segment: last.segment, offset: last.end };
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    if (this.#onDisk || this.#freshBytes + bytes > maxMemoryBytes) {
      this.#onDisk = true;
      return;
    }
    this.#fresh.push(...entries);
    this.#freshBytes += bytes;
  }

  /** The next entries, at most so many and (but for one) so many bytes; none = nothing is left. */
  async take(maxRows: number, maxBytes: number): Promise<Batch> {
    const entries: WrittenEntry[] = [];
    let bytes = 0;
    while (entries.length < maxRows && bytes < maxBytes) {
      const entry = this.#takeFresh() ?? (await this.#takeStored());
      if (!entry) break;
      entries.push(entry);
      bytes += entry.bytes;
      this.#taken = { segment: entry.segment, offset: entry.end };
    }
    return { entries, position: this.#taken };
  }

  #takeFresh(): WrittenEntry | undefined {
    const entry = this.#fresh.shift();
    if (entry) this.#freshBytes -= entry.bytes;
    return entry;
  }

  async #takeStored(): Promise<WrittenEntry | undefined> {
    while (this.#onDisk) {
      this.#reading ??= await this.#openNext();
      const { done, value } = this.#reading?.entries.next() ?? { done: true };
      if (!done) return value;
      const read = this.#reading;
      this.#reading = null;
      // what was written to the newest segment while it was read is read in the next round
      if (read?.isWhole) this.#taken = { segment: read.number + 1, offset: 0 };
      else if (!read || !isBefore({ segment: read.number, offset: read.upTo }, this.#end)) this.#onDisk = false;
    }
    return undefined;
  }

  async #openNext(): Promise<Reading | null> {
    const { segment, offset } = this.#taken;
    const files = await listSegments(this.#dir);
    const file = files.find(({ number }) => number >= segment && number <= this.#end.segment);
    if (!file) return null;
    const from = file.number === segment ? offset : 0;
    const whole = await readFile(file.path);
    const isWhole = file.number < this.#end.segment;
    const bytes = isWhole ? whole : whole.subarray(0, this.#end.offset);
    const tell = (finding: Finding) => this.#tell(file, finding);
    const entries = readSegment(bytes, from, tell);
    if (entries === null && bytes.length > 0) tell({ kind: 'torn', from: 0, to: bytes.length });
    return { number: file.number, upTo: bytes.length, isWhole, entries: withPlaces(entries ?? [], file.number, from) };
  }

  #tell({ path }: SegmentFile, { kind, from, to }: Finding): void {
    const place = { file: path, from, to };
    const bytes = `bytes ${from} to ${to} of ${path}`;
    if (kind === 'torn')
      this.#logger.warn(`Journal: ${bytes} were a write that was cut off, never answered; dropped`, place);
    else if (kind === 'repaired') this.#logger.warn(`Journal: one wrong byte in ${bytes} was put right`, place);
    else if (kind === 'image-lost')
      this.#logger.error(`Journal: the photo in ${bytes} is damaged; its record is kept`, place);
    else this.#logger.error(`Journal: ${bytes} are damaged; their records are lost`, place);
  }
}

function* withPlaces(
  entries: Iterable<{ json: string; image: Buffer | null; end: number }>,
  segment: number,
  from: number,
): Generator<WrittenEntry> {
  let start = Math.max(from, headerBytes);
  for (const { json, image, end } of entries) {
    yield { json, image, segment, end, bytes: end - start };
    start = end;
  }
}
