import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestRecord } from '../../../tests/support/request-record.ts';
import { ScratchFolder } from '../../../tests/support/scratch-folder.ts';
import { headerBytes } from './format.ts';
import { type Finding, readSegment } from './read-segment.ts';
import { SegmentWriter } from './segment-writer.ts';
import { serialise } from './serialise.ts';

const lastBytes = 4_096;

describe('a segment', () => {
  const scratch = new ScratchFolder();
  /** Ten records, every other one with a photo of 300 bytes. */
  const entries = Array.from({ length: 10 }, (_, i) =>
    serialise({ record: requestRecord({ instance: i }), ...(i % 2 && { image: randomBytes(300) }) }),
  );
  let whole: Buffer;
  /** Before it was closed. */
  let open: Buffer;
  let ends: number[];
  beforeAll(async () => {
    const writer = await SegmentWriter.create(scratch.path, 7);
    const written = [...(await writer.append(entries.slice(0, 4))), ...(await writer.append(entries.slice(4)))];
    ends = written.map(({ end }) => end);
    open = readFileSync(writer.path);
    await writer.close();
    whole = readFileSync(writer.path);
  });
  afterAll(() => scratch[Symbol.dispose]());

  const read = (bytes: Buffer, from = 0) => {
    const findings: Finding[] = [];
    const found = [...(readSegment(bytes, from, (finding) => findings.push(finding)) ?? [])];
    return { records: found.map(({ json }) => json), images: found.map(({ image }) => image), findings };
  };
  const records = (count = entries.length) => entries.slice(0, count).map(({ json }) => json);

  it('gives back what was written, from any entry on', () => {
    const { records: found, images, findings } = read(whole);
    expect(found).toEqual(records());
    expect(images.map((image) => image && Buffer.from(image))).toEqual(entries.map(({ image }) => image ?? null));
    expect(findings).toEqual([]);
    expect(read(whole, ends[6]).records).toEqual(records().slice(7));
    expect(whole).toHaveLength(ends.at(-1)!);
    expect(open.length).toBeGreaterThan(whole.length);
    expect(read(open)).toEqual(read(whole));
  });

  it(`cut at every byte of its last ${lastBytes} gives every whole entry, and says that the rest was torn`, () => {
    for (let length = whole.length - 1; length >= whole.length - lastBytes; length--) {
      const { records: found, findings } = read(whole.subarray(0, length));
      const complete = ends.filter((end) => end <= length).length;
      expect(found, `cut at ${length}`).toEqual(records(complete));
      const start = ends[complete - 1] ?? headerBytes;
      expect(findings).toEqual(start === length ? [] : [{ kind: 'torn', from: start, to: length }]);
    }
  });

  it('of a killed process, with reserved zeros after its last or its torn entry, reports nothing but the torn one', () => {
    const reserved = Buffer.alloc(10_000);
    expect(read(Buffer.concat([whole, reserved]))).toEqual(read(whole));
    const torn = Buffer.concat([whole.subarray(0, ends[8]! + 100), reserved]);
    expect(read(torn).records).toEqual(records(9));
    expect(read(torn).findings).toEqual([{ kind: 'torn', from: ends[8], to: torn.length }]);
  });

  it(`with any byte of its last ${lastBytes} or its start wrong still has every record, and says what was put right`, () => {
    const starts = Array.from({ length: 400 }, (_, at) => at);
    const last = Array.from({ length: lastBytes }, (_, i) => whole.length - lastBytes + i);
    for (const at of [...starts, ...last]) {
      const flipped = Buffer.from(whole);
      flipped[at]! ^= (1 << (at % 8)) | 0x10;
      const { records: found, images, findings } = read(flipped);
      expect(found, `byte ${at}`).toEqual(records());
      if (at < headerBytes) continue;
      expect(findings).toHaveLength(1);
      expect(['repaired', 'image-lost']).toContain(findings[0]!.kind);
      expect(images.filter((image) => image !== null)).toHaveLength(findings[0]!.kind === 'repaired' ? 5 : 4);
    }
  });

  it('with a hole in the middle has the entries around it, and says that some are lost', () => {
    const holed = Buffer.from(whole);
    holed.fill(0, ends[2]! + 10, ends[3]! + 10);
    const { records: found, findings } = read(holed);
    expect(found).toEqual([...records(3), ...records().slice(5)]);
    expect(findings).toEqual([{ kind: 'lost', from: ends[2], to: ends[4] }]);
  });

  it('does not take bytes of a photo for an entry', async () => {
    const writer = await SegmentWriter.create(scratch.path, 8);
    const hostile = { ...serialise({ record: requestRecord(), image: whole }), image: whole };
    await writer.append([hostile]);
    await writer.close();
    const bytes = readFileSync(writer.path);
    bytes.fill(0, headerBytes, headerBytes + 100);
    expect(read(bytes).records).toEqual([]);
  });

  it('of zeros, noise or nothing is no segment, and never an exception', () => {
    for (const bytes of [Buffer.alloc(5_000), randomBytes(5_000), Buffer.alloc(0), whole.subarray(0, 31)])
      expect(readSegment(bytes, 0)).toBeNull();
  });
});

describe('a record', () => {
  it('with a NUL or half a surrogate pair is written so that the database takes it', () => {
    const record = requestRecord({ attributes: { 'a\0b': 'x\0\ud800y', fine: '葉 \\u0000' } });
    const { attributes } = JSON.parse(serialise({ record }).json);
    expect(attributes).toEqual({ 'a\ufffdb': 'x\ufffd\ufffdy', fine: '葉 \\u0000' });
  });
});
