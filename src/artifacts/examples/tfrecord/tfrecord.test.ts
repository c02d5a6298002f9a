import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ScratchFolder } from '../../../../tests/support/scratch-folder.ts';
import { MitateError } from '../../../errors/index.ts';
import { frameRecord } from './frame.ts';
import { readTfrecord } from './reader.ts';
import { writeTfrecord } from './writer.ts';

const records = [Buffer.from('first'), Buffer.alloc(0), Buffer.alloc(3_000, 7), Buffer.from('last')];

async function* each(items: Uint8Array[]) {
  yield* items;
}

async function readAll(path: string, maxRecordBytes?: number): Promise<Buffer[]> {
  const found: Buffer[] = [];
  const corrupt = (record: number, offset: number, reason: string) =>
    new MitateError('SOURCE_TFRECORD_CORRUPT', { source: path, record, offset, reason });
  for await (const record of readTfrecord(path, { corrupt, ...(maxRecordBytes && { maxRecordBytes }) })) {
    found.push(Buffer.from(record));
  }
  return found;
}

describe('TFRecord files', () => {
  it('are read back unchanged, gzip or plain', async () => {
    using scratch = new ScratchFolder();
    const zipped = scratch.at('a.gz');
    await writeTfrecord(zipped, each(records));
    expect(await readAll(zipped)).toEqual(records);
    const plain = scratch.write('a.tfrecord', gunzipSync(readFileSync(zipped)));
    expect(await readAll(plain)).toEqual(records);
    expect(readFileSync(plain)).toEqual(Buffer.concat(records.map(frameRecord)));
  });

  it('have a gzip header without time and system', async () => {
    using scratch = new ScratchFolder();
    await writeTfrecord(scratch.at('a.gz'), each(records));
    const header = readFileSync(scratch.at('a.gz')).subarray(0, 10);
    expect(header.subarray(4, 8)).toEqual(Buffer.alloc(4));
    expect(header[9]).toBe(255);
  });

  const good = Buffer.concat(records.map(frameRecord));
  const patched = (at: number, value: number) => {
    const bytes = Buffer.from(good);
    bytes[at] = value;
    return bytes;
  };
  it.each([
    ['a wrong checksum of the data', patched(13, 0x58), /record 0 at byte 0: wrong checksum of the data/],
    ['a wrong checksum of the length', patched(8, good[8]! ^ 1), /wrong checksum of the length/],
    [
      'a length past the end',
      good.subarray(0, good.length - 6),
      /record 3 at byte \d+: a length of 4 bytes, past the end/,
    ],
    ['an end within a header', good.subarray(0, 26), /ends within the 12-byte header/],
    ['a corrupt gzip', gzipSync(good).subarray(0, 40), /corrupt gzip/],
  ])('are refused with %s', async (_, bytes, message) => {
    using scratch = new ScratchFolder();
    const path = scratch.write('bad', bytes);
    await expect(readAll(path)).rejects.toThrow(message);
  });

  it('are rejected with a record above the limit, before it is read', async () => {
    using scratch = new ScratchFolder();
    writeFileSync(scratch.at('big'), good);
    await expect(readAll(scratch.at('big'), 1000)).rejects.toThrow(/record 2 .* a length of 3000 bytes/);
  });
});
