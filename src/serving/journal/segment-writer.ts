import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncPath } from '../../files/sync.ts';
import { encodeEntryHeader, encodeSegmentHeader, headerBytes } from './format.ts';

export function segmentName(number: number): string {
  return `${String(number).padStart(12, '0')}.journal`;
}

export interface Written {
  segment: number;
  /** Where the segment ends after the write. */
  end: number;
}

/** A record as JSON text in UTF-8, and the photo that goes with it. */
export interface Serialised {
  record: Buffer;
  image: Uint8Array | undefined;
}

/** One segment that is being written. After a failed write it is not written again: what `fdatasync` refused once, it may say it did later. */
export class SegmentWriter {
  readonly number: number;
  readonly path: string;
  readonly #file: FileHandle;
  readonly #salt: Buffer;
  #end = headerBytes;

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

  /** One write and one `fdatasync` for all; when either fails the segment is cut back to where it was. @returns where each entry ends */
  async append(entries: readonly Serialised[]): Promise<number[]> {
    const parts: Uint8Array[] = [];
    const ends: number[] = [];
    let at = this.#end;
    for (const { record, image } of entries) {
      parts.push(encodeEntryHeader(record, image, this.#salt, at), record);
      if (image) parts.push(image);
      at += headerBytes + record.length + (image?.length ?? 0);
      ends.push(at);
    }
    try {
      await writeAll(this.#file, parts, this.#end);
      await this.#file.datasync();
    } catch (error) {
      await this.#file.truncate(this.#end).catch(() => {});
      throw error;
    }
    this.#end = at;
    return ends;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** IOV_MAX of Linux. */
const maxParts = 1_024;

/** A short write is gone on with: a full disk takes a part and refuses the next. */
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
    if (bytesWritten === 0) throw new Error('the file takes no more bytes');
    done += bytesWritten;
  }
}
