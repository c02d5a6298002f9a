import { readFile } from 'node:fs/promises';
import type { Logger } from '../../contracts/logger.ts';
import type { JournalPosition } from '../../contracts/request-record.ts';
import type { WrittenEntry } from './appender.ts';
import { headerBytes } from './format.ts';
import { type Finding, readSegment } from './read-segment.ts';
import { isBefore, listSegments, type SegmentFile } from './segments.ts';

/** Above it entries are read back from disk later, so that memory stays bounded while the database is slow or unreachable. */
const maxMemoryBytes = 32 << 20;

export interface Batch {
  entries: WrittenEntry[];
  /** End of the last entry. */
  position: JournalPosition;
}

const findings = {
  torn: { level: 'warn', event: 'journal: dropped a write that was cut off and never answered' },
  repaired: { level: 'warn', event: 'journal: repaired one wrong byte' },
  'image-lost': { level: 'error', event: 'journal: photo damaged; its record is kept' },
  lost: { level: 'error', event: 'journal: records damaged and lost' },
} as const satisfies Record<Finding['kind'], object>;

interface Reading {
  number: number;
  /** Bytes that are read. */
  upTo: number;
  isWhole: boolean;
  entries: Iterator<WrittenEntry>;
}

/** Entries that the database does not have yet, in order: from memory, else from the segments. */
export class Backlog {
  readonly #dir: string;
  readonly #logger: Logger;
  /** End of the last entry that was handed out. */
  #taken: JournalPosition;
  #end: JournalPosition;
  #fresh: WrittenEntry[] = [];
  #freshBytes = 0;
  /** There are entries on disk between `taken` and the first fresh one. */
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
    this.#end = endOf(entries) ?? this.#end;
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    if (this.#onDisk || this.#freshBytes + bytes > maxMemoryBytes) {
      this.#onDisk = true;
      return;
    }
    this.#fresh.push(...entries);
    this.#freshBytes += bytes;
  }

  /** The next entries, at most `maxRows` of `maxBytes` together, or one larger entry. */
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
      if (read)
        this.#taken = read.isWhole
          ? { segment: read.number + 1, offset: 0 }
          : { segment: read.number, offset: read.upTo };
      // Entries written to the newest segment meanwhile are read in the next round.
      if (!read || !isBefore(this.#taken, this.#end)) this.#onDisk = false;
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
    const report = (finding: Finding) => this.#log(file, finding);
    const entries = readSegment(bytes, from, report);
    if (entries === null && bytes.length > 0) report({ kind: 'torn', from: 0, to: bytes.length });
    return { number: file.number, upTo: bytes.length, isWhole, entries: withPlaces(entries ?? [], file.number, from) };
  }

  #log({ path }: SegmentFile, { kind, from, to }: Finding): void {
    const { level, event } = findings[kind];
    this.#logger[level](event, { file: path, from, to });
  }
}

/** Undefined without entries. */
export function endOf(entries: readonly WrittenEntry[]): JournalPosition | undefined {
  const last = entries.at(-1);
  return last && { segment: last.segment, offset: last.end };
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
