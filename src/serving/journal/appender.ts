import type { JournalEntry } from '../../contracts/request-record.ts';
import { MitateError, reasonOf } from '../../errors/index.ts';
import { SegmentWriter } from './segment-writer.ts';
import { serialise } from './serialise.ts';

export interface WrittenEntry {
  json: string;
  image: Uint8Array | null;
  segment: number;
  /** End offset in its segment. */
  end: number;
  bytes: number;
}

interface Group {
  entries: ReturnType<typeof serialise>[];
  resolve: () => void;
  reject: (error: Error) => void;
}

/** Group commit: entries that arrive during a write share the next one, with one `fdatasync`. */
export class Appender {
  readonly #dir: string;
  readonly #segmentBytes: number;
  readonly #written: (entries: WrittenEntry[]) => void;
  #waiting: Group[] = [];
  #writing: Promise<void> | null = null;
  #writer: SegmentWriter | null = null;
  #next: number;
  #rollsNext = false;
  #closed = false;

  constructor(dir: string, next: number, segmentBytes: number, written: (entries: WrittenEntry[]) => void) {
    this.#dir = dir;
    this.#next = next;
    this.#segmentBytes = segmentBytes;
    this.#written = written;
  }

  /** All or nothing. @throws JOURNAL_FAILED */
  append(entries: readonly JournalEntry[]): Promise<void> {
    if (entries.length === 0) return Promise.resolve();
    if (this.#closed) return Promise.reject(this.#failure(new Error('it is closed')));
    const serialised = entries.map(serialise);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entries: serialised, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Number of the open segment; null between two. */
  get segment(): number | null {
    return this.#writer?.number ?? null;
  }

  /** The next entry starts a new segment. */
  async roll(): Promise<void> {
    if (this.#writing) this.#rollsNext = true;
    else await this.#abandonWriter();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
    await this.#abandonWriter();
  }

  async #writeAll(): Promise<void> {
    // One microtask later: requests answered in the same tick share the write.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const groups = this.#waiting;
      this.#waiting = [];
      await this.#write(groups);
    }
    this.#writing = null;
  }

  async #write(groups: Group[]): Promise<void> {
    const entries = groups.flatMap((group) => group.entries);
    try {
      const writer = await this.#openWriter();
      const written = await writer.append(entries);
      this.#written(
        written.map(({ json, image, end, bytes }) => ({
          json,
          image: image ?? null,
          segment: writer.number,
          end,
          bytes,
        })),
      );
      for (const { resolve } of groups) resolve();
    } catch (error) {
      await this.#abandonWriter();
      for (const { reject } of groups) reject(this.#failure(error));
    }
  }

  async #openWriter(): Promise<SegmentWriter> {
    if (this.#rollsNext || (this.#writer?.end ?? 0) >= this.#segmentBytes) await this.#abandonWriter();
    this.#rollsNext = false;
    this.#writer ??= await SegmentWriter.create(this.#dir, this.#next++);
    return this.#writer;
  }

  async #abandonWriter(): Promise<void> {
    const writer = this.#writer;
    this.#writer = null;
    await writer?.close().catch(() => {});
  }

  #failure(error: unknown): MitateError {
    const reason = reasonOf(error);
    return new MitateError('JOURNAL_FAILED', { path: this.#dir, reason }, { cause: error });
  }
}
