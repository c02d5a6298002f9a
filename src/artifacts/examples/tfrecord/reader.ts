import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { MitateError } from '../../../errors/index.ts';
import { ByteQueue } from './byte-queue.ts';
import { maskedCrc32c } from './crc32c.ts';
import { footerBytes, headerBytes, recordLength } from './frame.ts';

export interface TfrecordOptions {
  /** Makes the error for a defect in a record (from 0), which starts at a byte of the expanded file. */
  corrupt: (record: number, offset: number, reason: string) => MitateError;
  /** Bytes of one record above which it counts as corrupt. Default 256 MiB. */
  maxRecordBytes?: number;
  /** Called with the size of each expanded chunk; may throw to stop. */
  onExpanded?: (bytes: number) => void;
}

const defaultMaxRecordBytes = 256 * 2 ** 20;

/** The first bytes of a file, expanded if it is gzip. Empty when the gzip is corrupt. */
export async function peekExpanded(path: string, length: number): Promise<Uint8Array> {
  const queue = new ByteQueue(expand(path));
  try {
    return await queue.take(length);
  } catch (error) {
    if (isStreamDefect(error)) return new Uint8Array(0);
    throw error;
  } finally {
    await queue.close();
  }
}

async function isGzip(path: string): Promise<boolean> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
  return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
}

async function* expand(path: string, onExpanded?: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  // the callback only keeps a late stream error from being uncaught: the loop below throws it
  const stream = (await isGzip(path)) ? pipeline(file, createGunzip({ chunkSize: 256 * 1024 }), () => {}) : file;
  for await (const chunk of stream) {
    onExpanded?.(chunk.length);
    yield chunk;
  }
}

function isStreamDefect(error: unknown): error is NodeJS.ErrnoException {
  const code = (error as NodeJS.ErrnoException)?.code;
  return typeof code === 'string' && code.startsWith('Z_');
}

/**
 * The records of a TFRecord file, plain or gzip by content, one at a time.
 * @throws the error of `corrupt` for a wrong checksum, a length past the end or corrupt gzip
 */
export async function* readTfrecord(path: string, options: TfrecordOptions): AsyncGenerator<Uint8Array> {
  const queue = new ByteQueue(expand(path, options.onExpanded));
  const place = { record: 0, offset: 0 };
  try {
    for (let data = await next(queue, place, options); data; data = await next(queue, place, options)) yield data;
  } catch (error) {
    if (isStreamDefect(error)) throw options.corrupt(place.record, place.offset, `corrupt gzip: ${error.message}`);
    throw error;
  } finally {
    await queue.close();
  }
}

async function next(queue: ByteQueue, place: { record: number; offset: number }, options: TfrecordOptions) {
  const fail = (reason: string) => options.corrupt(place.record, place.offset, reason);
  const header = await queue.take(headerBytes);
  if (header.length === 0) return null;
  if (header.length < headerBytes) throw fail(`the file ends within the ${headerBytes}-byte header`);
  const length = recordLength(header);
  if (length === null) throw fail('wrong checksum of the length');
  if (length > (options.maxRecordBytes ?? defaultMaxRecordBytes)) throw fail(`a length of ${length} bytes`);
  const size = Number(length);
  const body = await queue.take(size + footerBytes);
  if (body.length < size + footerBytes) throw fail(`a length of ${size} bytes, past the end of the file`);
  const data = body.subarray(0, size);
  const expected = new DataView(body.buffer, body.byteOffset + size, footerBytes).getUint32(0, true);
  if (maskedCrc32c(data) !== expected) throw fail('wrong checksum of the data');
  place.record++;
  place.offset += headerBytes + size + footerBytes;
  return data;
}
