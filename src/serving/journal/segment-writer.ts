import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncPath } from '../../files/sync.ts';
import { encodeEntryHeader, encodeSegmentHeader, headerBytes } from './format.ts';

function segmentName(number: number): string {
  return `${String(number).padStart(12, '0')}.journal`;
}

/** A record as UTF-8 JSON, and its photo. */
export interface Serialised {
  record: Buffer;
  image: Uint8Array | undefined;
}

/**
 * Bytes that a segment grows by. Writing within them leaves its length as it is, so that `fdatasync` flushes data alone, without a commit of
 * the file system's journal: a third of the time and half of the CPU. Readers take zeros for the end; `close` cuts them off.
 */
const reserveBytes = 1 << 20;
const zeros = Buffer.alloc(reserveBytes);

/** One open segment. After a failed write it is abandoned: an `fdatasync` that failed once may report success later. */
export class SegmentWriter {
  readonly number: number;
  readonly path: string;
  readonly #file: FileHandle;
  readonly #salt: Buffer;
  #end = headerBytes;
  #reserved = headerBytes;

  private constructor(number: number, path: string, file: FileHandle, salt: Buffer) {
    this.number = number;
    this.path = path;
    this.#file = file;
    this.#salt = salt;
  }

  static async create(dir: string, number: number): Promise<SegmentWriter> {
    const path = join(dir, segmentName(number));
    const salt = randomBytes(8);
    const file = await open(path, 'wx', 0o600);
    try {
      await writeAll(file, [encodeSegmentHeader({ number, salt })], 0);
      await file.datasync();
      await syncPath(dir, true);
    } catch (error) {
      await file.close();
      await rm(path, { force: true });
      throw error;
    }
    return new SegmentWriter(number, path, file, salt);
  }

  get end(): number {
    return this.#end;
  }

  /**
   * One write and one `fdatasync` for all; when either fails, the segment is truncated to its old length.
   * @returns the entries with their end offset and length in the segment
   */
  async append<T extends Serialised>(entries: readonly T[]): Promise<(T & { end: number; bytes: number })[]> {
    const parts: Uint8Array[] = [];
    let at = this.#end;
    const written = entries.map((entry) => {
      const { record, image } = entry;
      parts.push(encodeEntryHeader(record, image, this.#salt, at), record);
      if (image) parts.push(image);
      const bytes = headerBytes + record.length + (image?.length ?? 0);
      at += bytes;
      return { ...entry, end: at, bytes };
    });
    const grows = at > this.#reserved;
    if (grows) parts.push(zeros);
    try {
      await writeAll(this.#file, parts, this.#end);
      await this.#file.datasync();
    } catch (error) {
      await this.#file.truncate(this.#end).catch(() => {});
      throw error;
    }
    if (grows) this.#reserved = at + reserveBytes;
    this.#end = at;
    return written;
  }

  async close(): Promise<void> {
    await this.#file.truncate(this.#end).catch(() => {});
    await this.#file.close();
  }
}

/** IOV_MAX of Linux. */
const maxParts = 1_024;

/** Continues after a short write: a full disk takes a part and refuses the next. */
async function writeAll(file: FileHandle, parts: Uint8Array[], position: number): Promise<void> {
  let at = position;
  for (let first = 0; first < parts.length; first += maxParts) {
    const some = parts.slice(first, first + maxParts);
    const total = some.reduce((sum, part) => sum + part.length, 0);
    const { bytesWritten } = await file.writev(some, at);
    if (bytesWritten < total) await writeRest(file, Buffer.concat(some).subarray(bytesWritten), at + bytesWritten);
    at += total;
  }
}

async function writeRest(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten === 0) throw new Error('a write to the segment wrote no bytes');
    done += bytesWritten;
  }
}
